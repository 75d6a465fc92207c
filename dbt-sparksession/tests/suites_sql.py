"""The SQL of dbt-tests-adapter, which is Postgres's, as strict Spark SQL."""

import re

# Postgres's words for types, and Spark's
TYPES = {
    "timestamp without time zone": "timestamp",
    "TIMESTAMP WITHOUT TIME ZONE": "timestamp",
    "integer": "bigint",
    "INTEGER": "bigint",
    "TEXT": "string",
    "text": "string",
}


def in_spark(text):
    """Return a suite's text with Spark's types, literals, casts and names of tables."""
    for word, ours in TYPES.items():
        text = re.sub(rf"\b{word}\b", ours, text)
    text = re.sub(r"(\w+)::(\w+)", r"cast(\1 as \2)", text)
    text = re.sub(
        r"(?<!timestamp )'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'", r"timestamp '\1'", text
    )
    text = re.sub(r"(?<!date )(?<!date\()'(\d{4}-\d\d-\d\d)'", r"date '\1'", text)
    text = re.sub(r"(add column \w+ .*) default .*", r"\1", text)
    return without_database(text).replace('"', "")


def without_database(text):
    """Return a suite's text with Spark's names of tables."""
    return re.sub(r"(\{database\}|\{\{target.database\}\}|\bNone)\.", "", text)


class SparkProject:
    """A project of the suites whose SQL is Spark's, one statement after the other."""

    def __init__(self, project):
        self._project = project

    def __getattr__(self, name):
        return getattr(self._project, name)

    def run_sql(self, sql, fetch=None):
        for statement in in_spark(sql).split(";"):
            if re.sub(r"--.*", "", statement).strip():
                rows = self._project.run_sql(statement, fetch=fetch)
        return rows
