"""Hold modules and functions to a size: `python scripts/check_sizes.py [FOLDER]`.

Prints each module of more than 300 lines and each function of more than 60, decorators
left out, and exits with code 1 if there is any.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULE_LINES = 300
FUNCTION_LINES = 60


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "src"
    found = [line for file in sorted(folder.rglob("*.py")) for line in too_long(file)]
    print("\n".join(found) or "sizes: no module or function is too long")
    sys.exit(1 if found else 0)


def too_long(file: Path) -> Iterator[str]:
    """Yield a line for the module if it is too long, and one for each such function."""
    name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    text = file.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > MODULE_LINES:
        yield f"{name}: {lines} lines, at most {MODULE_LINES}: divide it by topic"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield (
                    f"{name}:{node.lineno}: {node.name} has {lines} lines, at most "
                    f"{FUNCTION_LINES}: name its parts"
                )


if __name__ == "__main__":
    main()
