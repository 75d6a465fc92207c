"""The adapter's modules import each other in one direction."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = "dbt.adapters.sparksession"
SOURCES = Path(__file__).parents[1].joinpath("src", *PACKAGE.split("."))


def modules_imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{n.name}" for n in node.names)]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            if name.startswith(f"{PACKAGE}."):
                yield name.removeprefix(f"{PACKAGE}.").split(".")[0]


def test_no_module_imports_one_that_imports_it():
    files = {file.stem: file for file in SOURCES.glob("*.py")}
    assert len(files) > 10
    graph = {name: set(modules_imported(file)) for name, file in files.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError with the modules' names
