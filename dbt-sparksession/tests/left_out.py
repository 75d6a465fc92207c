"""Which classes of dbt-tests-adapter are not inherited, why, and what a user does.

A key of a suite is `*`, for all of it, or names of classes.
"""

_DDL = (
    "they compare with Postgres's DDL. Here a query holds the contract while rows are "
    "written (`test_held_contracts.py`)."
)

LEFT_OUT: dict[str, dict[str, str]] = {
    "aliases": {
        "BaseSameAliasDifferentDatabases": "Spark's relations have no database. Use "
        "two schemas."
    },
    "basic": {
        "BaseIncrementalBadStrategy": "dbt-spark refuses a bad strategy in its own "
        "words, which name those that it knows.",
        "BaseGetCatalogForSingleRelation": "dbt asks for whole schemas; "
        "`dbt docs generate --select` shows one table.",
    },
    "caching": {
        "*": "they lower-case the name of the database, and Spark has none. That views "
        "and tables are in the cache is tested by `TestChangeRelationType` and "
        "`test_lakehouse.py`."
    },
    "column_types": {
        "*": "dbt-spark's columns do not know that `int` is an integer. Compare "
        "`column.dtype` with Spark's names."
    },
    "constraints": {
        "BaseConstraintsRuntimeDdlEnforcement, "
        "BaseIncrementalConstraintsRuntimeDdlEnforcement, "
        "BaseModelConstraintsRuntimeEnforcement, BaseConstraintQuotedColumn": _DDL,
        "BaseContractSqlHeader, BaseTableContractSqlHeader, "
        "BaseIncrementalContractSqlHeader": "Spark runs one statement at a time, so a "
        "`sql_header` is refused: use a `pre_hook`.",
    },
    "dbt_clone": {
        "BaseCloneNotPossible, TestPostgresCloneNotPossible": "here it is: tables are "
        "copied (`TestClone`)."
    },
    "empty": {
        "BaseTestEmptySeedFlag": "dbt 1.11 has no `seed --empty`.",
        "MetadataWithEmptyFlag, BaseTestEmptyInlineSourceRef": "the same code as "
        "`BaseTestEmpty`.",
    },
    "ephemeral": {
        "BaseEphemeralMulti, BaseEphemeralNested": "they compare with Postgres's DDL; "
        "`BaseEphemeral` is inherited."
    },
    "functions": {
        "*": "Iceberg's catalog keeps no functions. Use a macro, or a function that a "
        "Python model defines."
    },
    "grants": {
        "BaseModelGrants, BaseIncrementalGrants, BaseSeedGrants, BaseSnapshotGrants": (
            "the lakehouse is files and has no users, so grants are refused "
            "(`BaseInvalidGrants`). Protect the folder of the warehouse."
        )
    },
    "incremental": {
        "TestPredicatesDeleteInsert": "`delete+insert` is none of dbt-spark's "
        "strategies. Use `merge`, whose predicates are tested."
    },
    "materialized_view": {
        "*": "Spark has none on Iceberg. Use `table` or `incremental`."
    },
    "simple_seed": {
        "BaseSeedConfigFullRefreshOn, BaseSeedConfigFullRefreshOff": "they want the "
        "views on a seed dropped with it, or not, as the flag says; here they stay and "
        "answer in any case.",
        "BaseSeedWithWrongDelimiter": "it wants a syntax error for a header of one "
        "odd name, which is a column here.",
        "BaseSimpleSeedEnabledViaConfig": "it cleans up by `drop schema … cascade`, "
        "which the JDBC catalog refuses; the adapter empties a schema first.",
        "BaseSimpleSeedWithBOM": "it reads a file beside itself that the wheel has "
        "elsewhere; dbt-core strips a byte order mark for each adapter alike.",
    },
    "simple_snapshot": {
        "BaseSnapshotDbtValidToCurrent": "it takes rows by their place in a table "
        "without order; two other tests have the setting.",
        "BaseSnapshotEphemeralHardDeletes": "what `BaseSnapshotNewColumnWithDeletes` "
        "does, less the deletion.",
    },
    "utils": {
        "BaseCurrentTimestampAware": "Spark gives Python naive times, in UTC, as "
        "`BaseCurrentTimestampNaive` wants them."
    },
}
