"""The suites of dbt-tests-adapter: `python dbt-sparksession/tests/suites.py`.

Prints a table of the installed suites: how many of a suite's classes the adapter's
tests inherit, and which are left out, and why.
"""

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import dbt.tests.adapter
from left_out import LEFT_OUT

HERE = Path(__file__).parent
SUITES = dbt.tests.adapter.__name__


def main() -> None:
    """Print the table."""
    print(table())


def table() -> str:
    """Return the table of suites in Markdown."""
    lines = ["| suite | classes | inherited | left out, and what to do instead |"]
    lines += ["|---|---:|---:|---|"]
    mine = inherited()
    for suite, classes in suites().items():
        held = [one for one in classes if is_inherited(one, mine)]
        lines.append(
            f"| {suite} | {len(classes)} | {len(held)} | {reasons(suite, classes)} |"
        )
    return "\n".join(lines)


def reasons(suite: str, classes: list[type]) -> str:
    """Return why classes, or methods of inherited ones, are left out."""
    told = LEFT_OUT.get(suite, {})
    parts = [why if names == "*" else f"{names}: {why}" for names, why in told.items()]
    return " ".join(parts + list(left_out_methods(classes)))


def left_out_methods(classes: list[type]) -> Iterator[str]:
    """Yield the methods that a test class says to leave out, and why."""
    for mine in inherited():
        if any(issubclass(mine, one) for one in classes):
            for name, method in vars(mine).items():
                said = (inspect.getdoc(method) or "") if callable(method) else ""
                if said.startswith("Left out: "):
                    yield f"{mine.__name__}.{name}: {said[10:]}"


def suites() -> dict[str, list[type]]:
    """Return the classes with tests of each suite that is installed."""
    found: dict[str, list[type]] = {}
    folder = Path(next(iter(dbt.tests.adapter.__path__)))
    for file in sorted(folder.glob("*/**/*.py")):
        suite, *_ = parts = file.relative_to(folder).with_suffix("").parts
        module = importlib.import_module(".".join((SUITES, *parts)))
        for one in vars(module).values():
            is_own = inspect.isclass(one) and one.__module__ == module.__name__
            if is_own and has_tests(one) and not only_runs_another(one):
                found.setdefault(suite, []).append(one)
    return dict(sorted(found.items()))


def has_tests(one: type) -> bool:
    """Return whether pytest would run something of a class or its subclasses."""
    return any(name.startswith("test") for name in dir(one))


def only_runs_another(one: type) -> bool:
    """Return whether a class is a suite as it is run on Postgres, with no own part."""
    return one.__name__.startswith("Test") and not set(vars(one)) - {
        *("__module__", "__doc__", "__qualname__", "__firstlineno__"),
        *("__static_attributes__", "pytestmark", "__annotations__"),
    }


def is_inherited(one: type, mine: list[type]) -> bool:
    """Return whether a test class is of a suite's class, or of one made from it."""
    return any(issubclass(test, one) for test in mine)


def inherited() -> list[type]:
    """Return the test classes of the modules test_suites_*.py."""
    return [
        one
        for file in sorted(HERE.glob("test_suites_*.py"))
        for one in vars(importlib.import_module(file.stem)).values()
        if inspect.isclass(one) and one.__module__ == file.stem
    ]


def unnamed() -> list[str]:
    """Return the classes that are neither inherited nor named as left out."""
    mine = inherited()
    return [
        f"{suite}: {one.__name__}"
        for suite, classes in suites().items()
        if "*" not in LEFT_OUT.get(suite, {})
        for one in classes
        if not is_inherited(one, mine) and one.__name__ not in named(suite)
    ]


def named(suite: str) -> set[str]:
    """Return the names of a suite's classes that are left out."""
    return {name for names in LEFT_OUT.get(suite, {}) for name in names.split(", ")}


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
