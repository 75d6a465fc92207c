"""Hold the dbt project to its rules: `python scripts/check_project.py [MANIFEST]`.

Reads what `dbt parse` makes of the project and prints each broken rule on a line. The
rules are those of dbt's own guide to structuring projects that this project keeps:
https://docs.getdbt.com/best-practices/how-we-structure/1-guide-overview
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbt.contracts.graph.manifest import Manifest as ParsedProject

ROOT = Path(__file__).parents[1]
PREFIXES = {
    "models/staging/base/": ("base_",),
    "models/staging/": ("stg_", "rejected_"),
    "models/intermediate/": ("int_",),
    "models/marts/core/": ("dim_", "fct_", "movie_"),
    "models/marts/eda/": ("eda_",),
}
KEY_TESTS = ("valid_rows", "unique")

Manifest = dict[str, Any]


def main() -> None:
    broken: list[str] = []
    if len(sys.argv) > 1:
        file = Path(sys.argv[1])
    else:
        folder = ROOT / "target" / "lint"
        dbt = Path(sys.executable).with_name("dbt")
        options = ["--project-dir", str(ROOT), "--target-path", str(folder)]
        # a partial parse can lose the descriptions of tests whose file changed;
        # models that only some builds have keep the rules, too
        every = [
            "--vars",
            "{genome: true, outcomes: true, stream_drift: true, hold_floods: true, "
            "evaluate: all, rules: rules.csv}",
        ]
        words = ["--quiet", "parse", "--no-partial-parse", *every, *options]
        subprocess.run([dbt, *words], check=True)
        file = folder / "manifest.json"
        broken += unreadable_parse(folder / "partial_parse.msgpack")
    broken += sorted(broken_rules(json.loads(file.read_text())))
    print("\n".join(broken) or "dbt project: all rules are kept")
    sys.exit(1 if broken else 0)


def broken_rules(manifest: Manifest) -> Iterator[str]:
    """Yield a line for each rule that something in the project breaks."""
    yield from undescribed(manifest)
    project = manifest["metadata"]["project_name"]
    nodes = [
        node for node in manifest["nodes"].values() if node["package_name"] == project
    ]
    tested = {
        node["attached_node"]
        for node in nodes
        if (node.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
    models = [node for node in nodes if node["resource_type"] == "model"]
    for model in models:
        yield from broken_by_model(model, model["unique_id"] in tested)
    yield from unequal_parameters(models)
    yield from free_vars(manifest)


def unreadable_parse(file: Path) -> Iterator[str]:
    """Yield why dbt cannot read what it saved, and so parses anew each time."""
    try:
        ParsedProject.from_msgpack(file.read_bytes())
    except ValueError as error:
        yield f"dbt cannot read {file}: {error}: put keys that are numbers into quotes"


def broken_by_model(model: dict[str, Any], has_key_test: bool) -> Iterator[str]:
    """Yield what is wrong with a model's name, folder, parents, contract and tests."""
    name, path = model["name"], model["original_file_path"]
    folder = next((folder for folder in PREFIXES if path.startswith(folder)), None)
    if folder and not name.startswith(PREFIXES[folder]):
        yield f"{path}: a model in {folder} starts with {' or '.join(PREFIXES[folder])}"
    parents = model["depends_on"]["nodes"]
    if not path.startswith("models/staging/") and any(
        parent.startswith("source.") for parent in parents
    ):
        yield f"{path}: reads a source; only staging does"
    if model["language"] == "sql" and not parents:
        yield f"{path}: has no parents"
    if model["group"] is None:
        yield f"{path}: belongs to no group"
    if path.startswith("models/marts/"):
        if model["access"] != "public":
            yield f"{path}: a mart is public, not {model['access']}"
        if not model["config"]["contract"]["enforced"]:
            yield f"{path}: a mart's contract is enforced"
        missing = [c["name"] for c in model["columns"].values() if not c["data_type"]]
        if missing:
            yield f"{path}: no data_type for {', '.join(missing)}"
    is_table = model["config"]["materialized"] != "ephemeral"
    if is_table and not has_key_test and "no_key" not in model["config"]["meta"]:
        yield f"{path}: its key is not tested; add valid_rows, or meta `no_key`: reason"


def unequal_parameters(models: list[dict[str, Any]]) -> Iterator[str]:
    """Yield groups of parameters that two models take from different vars.

    A YAML file cannot share an anchor with that of another folder, so that what a
    predictor or ranker is given stands once in each.
    """
    seen: dict[str, tuple[str, Any]] = {}
    for model in models:
        meta = model["unrendered_config"].get("meta") or {}
        for name, values in parameter_groups(meta.get("parameters", {})):
            owner, first = seen.setdefault(name, (model["name"], values))
            if values != first:
                path = model["original_file_path"]
                yield f"{path}: the parameters {name} are not those of {owner}"


def parameter_groups(parameters: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each innermost group of parameters with its name."""
    for name, values in parameters.items():
        if any(isinstance(value, dict) for value in values.values()):
            yield from parameter_groups(values)
        else:
            yield name, values


def free_vars(manifest: Manifest) -> Iterator[str]:
    """Yield a line for each unit test that other values of vars would break.

    `dbt build --vars …` runs unit tests too: each names the vars that its model reads.
    """
    for test in manifest["unit_tests"].values():
        (model,) = (
            node
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["name"] == test["model"]
        )
        overrides = test["overrides"] or {}
        replaced = overrides.get("macros") or {}
        given = overrides.get("vars") or {}
        for name in sorted(vars_of(model, manifest, set(replaced)) - set(given)):
            yield (
                f"{test['original_file_path']}: {test['name']}: the result depends on "
                f"the var {name}: give it a value under `overrides: vars:`"
            )


def vars_of(thing: dict[str, Any], manifest: Manifest, replaced: set[str]) -> set[str]:
    """Return the vars that a model or macro reads, itself or by our macros."""
    code = thing.get("raw_code") or thing.get("macro_sql") or ""
    found = set(re.findall(r"\bvar\(\s*['\"](\w+)", code))
    for name in thing["depends_on"]["macros"]:
        macro = manifest["macros"][name]
        is_ours = macro["package_name"] == manifest["metadata"]["project_name"]
        if is_ours and macro["name"] not in replaced:
            found |= vars_of(macro, manifest, replaced)
    return found


def undescribed(manifest: Manifest) -> Iterator[str]:
    """Yield a line for everything without a description that a user meets."""
    project = manifest["metadata"]["project_name"]
    kinds = ("nodes", "sources", "macros", "exposures", "unit_tests", "groups")
    for kind in kinds:
        for thing in manifest[kind].values():
            if thing["package_name"] != project:
                continue
            path, name = thing["original_file_path"], thing["name"]
            described = (thing.get("description") or "").strip()
            if not described and not is_instance_of_described_test(thing, manifest):
                yield f"{path}: {thing['resource_type']} {name} has no description"
            yield from (
                f"{path}: {part} of {name} has no description"
                for part in undescribed_parts(thing)
            )
            if kind == "sources" and not thing["source_description"].strip():
                yield f"{path}: source {thing['source_name']} has no description"


def is_instance_of_described_test(thing: dict[str, Any], manifest: Manifest) -> bool:
    """Return whether it is a generic test whose macro says what it tests."""
    test = thing.get("test_metadata")
    if test is None:
        return bool(thing["resource_type"] == "operation")  # its macro is described
    macros = [
        macro
        for macro in manifest["macros"].values()
        if macro["name"] == f"test_{test['name']}"
    ]
    return any(
        macro["package_name"] == "dbt" or macro["description"].strip() != ""
        for macro in macros
    )


def undescribed_parts(thing: dict[str, Any]) -> Iterator[str]:
    """Yield the columns or arguments that have no description."""
    for column in thing.get("columns", {}).values():
        if not column["description"].strip():
            yield f"column {column['name']}"
    for argument in thing.get("arguments", []):
        if not argument["description"].strip():
            yield f"argument {argument['name']}"


if __name__ == "__main__":
    main()
