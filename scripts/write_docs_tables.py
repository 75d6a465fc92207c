"""Write the tables of declared models into the docs: [--check] only compares.

They stand in docs/how-it-learns.md between `<!-- predictor table -->` (or ranker) and
`<!-- end -->`, and come from the registries in src/cinespark/train.
"""

import sys
from pathlib import Path

from cinespark.evaluate.declared_models import REGISTRIES, markdown_table

PAGE = Path(__file__).parents[1] / "docs" / "how-it-learns.md"
END = "<!-- end -->"


def with_tables(text: str) -> str:
    """Return a page with each table as the registries are now."""
    for role in REGISTRIES:
        start = f"<!-- {role} table -->\n"
        before, found, after = text.partition(start)
        if not found:
            sys.exit(f"error: {PAGE} has no {start.strip()} … {END}: put it back")
        rest = after[after.index(END) :]
        text = f"{before}{start}{markdown_table(role)}\n{rest}"
    return text


def main() -> None:
    before = PAGE.read_text(encoding="utf-8")
    after = with_tables(before)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(after, encoding="utf-8")
    elif after != before:
        sys.exit(
            f"error: the tables of models in {PAGE} are not those of the registries in "
            "src/cinespark/train: run `make format`"
        )


if __name__ == "__main__":
    main()
