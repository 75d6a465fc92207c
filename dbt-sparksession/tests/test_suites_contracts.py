"""dbt-tests-adapter on contracts, and on comments that go with tables."""

import pytest
from dbt.tests.adapter.constraints import fixtures
from dbt.tests.adapter.constraints.test_constraints import (
    BaseConstraintsRollback,
    BaseIncrementalConstraintsColumnsEqual,
    BaseIncrementalConstraintsRollback,
    BaseIncrementalForeignKeyConstraint,
    BaseTableConstraintsColumnsEqual,
    BaseViewConstraintsColumnsEqual,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocs,
    BasePersistDocsAllColumnsMissing,
    BasePersistDocsColumnMissing,
    BasePersistDocsCommentOnQuotedColumn,
    BasePersistDocsQuotedColumnCaseSensitive,
    BasePersistDocsQuotedDescriptionNotAppliedOnMismatch,
)
from inherited import fixture_of


class SparkTypes:
    """Writes contracts with Spark's word for text."""

    @pytest.fixture(scope="class")
    def models(self):
        return {
            name: text.replace("data_type: text", "data_type: string")
            for name, text in fixture_of(super(), "models").items()
        }


class SparkContracts(SparkTypes):
    @pytest.fixture
    def string_type(self):
        return "string"

    @pytest.fixture
    def int_type(self):
        return "int"

    @pytest.fixture
    def data_types(self):
        # value in SQL, type in the contract, type in the error
        return [
            ["1", "int", "int"],
            ["'1'", "string", "string"],
            ["true", "boolean", "boolean"],
            ["timestamp '2013-11-03 00:00:00'", "timestamp", "timestamp"],
            ["array('a', 'b')", "array<string>", "array<string>"],
            ["cast('1' as decimal(5, 2))", "decimal(5,2)", "decimal(5,2)"],
        ]


class TestTableConstraintsColumnsEqual(
    SparkContracts, BaseTableConstraintsColumnsEqual
):
    pass


class TestViewConstraintsColumnsEqual(SparkContracts, BaseViewConstraintsColumnsEqual):
    pass


class TestIncrementalConstraintsColumnsEqual(
    SparkContracts, BaseIncrementalConstraintsColumnsEqual
):
    pass


class RollbackMessages(SparkTypes):
    @pytest.fixture(scope="class")
    def expected_error_messages(self):
        return ["breaks the contract of my_model", "id is not_null", '"color":"red"']


class TestTableConstraintsRollback(RollbackMessages, BaseConstraintsRollback):
    pass


class TestIncrementalConstraintsRollback(
    RollbackMessages, BaseIncrementalConstraintsRollback
):
    pass


class TestIncrementalForeignKeyConstraint(
    SparkTypes, BaseIncrementalForeignKeyConstraint
):
    @pytest.fixture(scope="class")
    def macros(self):
        return {}  # Postgres's way to create a table with a key

    @pytest.fixture(scope="class")
    def models(self):
        return {
            "schema.yml": fixtures.incremental_foreign_key_schema_yml,
            "raw_numbers.sql": fixtures.incremental_foreign_key_model_raw_numbers_sql,
            "stg_numbers.sql": fixtures.incremental_foreign_key_model_stg_numbers_sql,
        }


class TestPersistDocs(BasePersistDocs):
    pass


class TestPersistDocsColumnMissing(BasePersistDocsColumnMissing):
    pass


class TestPersistDocsAllColumnsMissing(BasePersistDocsAllColumnsMissing):
    pass


class TestPersistDocsQuotedColumnCaseSensitive(
    BasePersistDocsQuotedColumnCaseSensitive
):
    pass


class TestPersistDocsQuotedDescriptionNotApplied(
    BasePersistDocsQuotedDescriptionNotAppliedOnMismatch
):
    pass


class TestPersistDocsCommentOnQuotedColumn(BasePersistDocsCommentOnQuotedColumn):
    pass
