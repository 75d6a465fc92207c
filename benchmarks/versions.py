"""Try each Python and Java here: `python benchmarks/versions.py [JAVA_HOME]...`.

Each Python gets an environment from requirements.lock, as `make setup` makes it, in a
copy of the project, and builds a small sample with the first Java; each other Java
builds it with the first Python that will do. Those that are not claimed are asked
too, to see that they are refused. Prints a table line by line: a build takes minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ["sample", "--users", "60", "--movies", "150", "--ratings", "2400"]
SMALL = "{evaluate: none, bayesian_iterations: 30}"
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"


def versions_of(programs: list[Path], option: str) -> dict[str, Path]:
    """Return the first program of each version among those that are there."""
    found: dict[str, Path] = {}
    for program in filter(Path.is_file, programs):
        asked = subprocess.run([program, option], capture_output=True, text=True)
        match = re.search(r"\d+(\.\d+)*", asked.stdout + asked.stderr)
        if asked.returncode == 0 and match:  # pyenv's shims of what it has not, fail
            found.setdefault(match[0], program)
    return found


def pythons() -> dict[str, Path]:
    on_path = [shutil.which(f"python3.{minor}") for minor in range(10, 16)]
    of_pyenv = sorted(PYENV.glob("3.1[0-9]*/bin/python"))
    return versions_of([*of_pyenv, *map(Path, filter(None, on_path))], "--version")


def javas(homes: list[str]) -> dict[str, Path]:
    on_path = [Path(java).resolve() for java in [shutil.which("java")] if java]
    folders = [*map(Path, homes), *sorted(Path("/usr/lib/jvm").glob("*"))]
    programs = [*on_path, *(home.resolve() / "bin" / "java" for home in folders)]
    return versions_of(programs, "-version")


def copy_project(folder: Path) -> None:
    names = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(names, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / "var").mkdir()
    shutil.copytree(
        ROOT / "var" / "jars",
        folder / "var" / "jars",
        ignore=shutil.ignore_patterns("*.jsa", ".*"),
    )


def outcome(folder: Path, *command: str, **environment: str) -> tuple[bool, str]:
    """Return whether a command succeeded, and the last line it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return done.returncode == 0, lines[-1] if lines else ""


def build(folder: Path, java: Path) -> tuple[bool, str]:
    """Make the class archive for a Java and build the sample anew with it."""
    home = str(java.parents[1])
    shutil.rmtree(folder / "var" / "warehouse", ignore_errors=True)
    (folder / "var" / "catalog.db").unlink(missing_ok=True)
    for words in (
        ["cinespark", "jars"],
        ["cinespark", "data", *SAMPLE],
        ["dbt", "--no-use-colors", "build", "--vars", SMALL],
    ):
        program = f".venv/bin/{words[0]}"
        works, said = outcome(folder, program, *words[1:], JAVA_HOME=home)
        if not works:
            return False, said
    archives = len(list((folder / "var" / "jars").glob("*.jsa")))
    return True, f"{said.partition('Done. ')[2]} class archives: {archives}"


def try_all(top: Path, pythons: dict[str, Path], javas: dict[str, Path]) -> None:
    """Build with each Python on the first Java, then with each other Java."""
    first_java, *other_javas = javas
    ready = []
    for python, program in pythons.items():
        folder = top / python
        copy_project(folder)
        setup = "scripts/install.sh", "requirements.lock"
        works, said = outcome(folder, *setup, PYTHON=str(program))
        made = outcome(folder, ".venv/bin/python", "--version")[1]
        if works and made == f"Python {python}":
            ready.append((python, folder))
            report(python, first_java, folder, javas)
        else:
            print_row(
                python, "", "no", "", said if not works else f"refused for {made}"
            )
    python, folder = ready[0]
    for java in other_javas:
        report(python, java, folder, javas)


def report(python: str, java: str, folder: Path, javas: dict[str, Path]) -> None:
    started = time.monotonic()
    works, said = build(folder, javas[java])
    seconds = f"{time.monotonic() - started:.0f}"
    print_row(python, java, "yes" if works else "no", seconds, said)


def print_row(*cells: str) -> None:
    print("".join(f"{cell:<10}" for cell in cells), flush=True)


def main() -> None:
    print_row("Python", "Java", "works", "seconds", "it says")
    with tempfile.TemporaryDirectory() as top:
        try_all(Path(top), pythons(), javas(sys.argv[1:]))


if __name__ == "__main__":
    main()
