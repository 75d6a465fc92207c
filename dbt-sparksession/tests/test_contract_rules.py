"""What a contract is turned into: conditions on rows, and one warning."""

from dbt.adapters.sparksession.contracts import contract_rules


def model(columns, constraints=()):
    return {
        "name": "films",
        "original_file_path": "models/films.sql",
        "columns": {name: {"constraints": list(rules)} for name, rules in columns},
        "constraints": list(constraints),
    }


def test_rules_of_columns_and_of_the_model_are_conditions():
    rules = contract_rules(
        model(
            [
                ("id", [{"type": "not_null"}, {"type": "check", "expression": "id>0"}]),
                ("odd `name", []),
            ],
            [{"type": "not_null", "columns": ["id", "odd `name"]}],
        )
    )
    assert [one["rule"] for one in rules["checks"]] == [
        "`id` is not null",
        "id>0",
        "`id` is not null",
        "`odd ``name` is not null",
    ]
    assert rules["columns"] == ["`id`", "`odd ``name`"]
    assert not rules["unenforced"]


def test_what_nothing_enforces_is_one_sentence_that_can_be_silenced():
    key = {"type": "primary_key", "columns": ["id", "year"]}
    other = {"type": "foreign_key", "expression": "(id) references a (id)"}
    silent = {"type": "unique", "warn_unenforced": False}
    rules = contract_rules(model([("id", [silent]), ("year", [])], [key, other]))
    assert rules["checks"] == []
    assert rules["unenforced"].startswith(
        "contract of films (models/films.sql): nothing enforces primary_key (id, "
        "year); foreign_key ((id) references a (id)). Only not_null and check hold here"
    )
