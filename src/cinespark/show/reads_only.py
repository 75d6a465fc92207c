"""Tell statements that only read from all others, as Spark itself parses them."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from pyspark.errors import ParseException
from pyspark.sql import DataFrame, SparkSession

from cinespark.errors import CineSparkError

READS = ("Describe", "Explain", "Show")  # how the plans of statements that read begin
# what a query can do besides reading: start a program, or call a method of Java
RUNS = {
    "ScriptTransformation": "transform",
    "CallMethodViaReflection": "reflect or java_method",
}
SHOWN = 60  # characters of a statement in a message


def require_reading(session: SparkSession, sql: str) -> None:
    """Raise unless a statement is a query, or describes, explains or shows.

    Spark's own rule for queries is asked, which knows neither inserts nor commands; the
    parser of the session knows other statements, also those of its extensions.

    Raises
    ------
    CineSparkError
        If the statement is another one.
    ParseException
        If it is none.
    """
    jvm: Any = session._jvm
    try:
        jvm.org.apache.spark.sql.execution.SparkSqlParser().parseQuery(
            sql.rstrip("; \t\r\n")
        )
    except ParseException:
        plan = session._jsparkSession.sessionState().sqlParser().parsePlan(sql)
        kind = plan.getClass().getSimpleName()
        if not kind.startswith(READS):
            raise CineSparkError(
                f"{in_short(sql)} is no query: `cinespark sql` only reads (queries, "
                "describe, explain, show); add --write if it is meant"
            ) from None


def require_no_program(frame: DataFrame, sql: str) -> None:
    """Raise if a query, or a view in it, starts a program or calls a method of Java."""
    for node in nodes(frame._jdf.queryExecution().analyzed()):
        if function := RUNS.get(node.getClass().getSimpleName()):
            raise CineSparkError(
                f"{in_short(sql)} runs a program by {function}: `cinespark sql` only "
                "reads; add --write if it is meant"
            )


def nodes(plan: Any) -> Iterator[Any]:
    """Yield the plans and expressions of a plan, with those of its subqueries."""
    yield plan
    for expression in elements(plan.expressions()):
        yield from parts(expression)
    for child in chain(elements(plan.children()), elements(plan.innerChildren())):
        yield from nodes(child)


def parts(expression: Any) -> Iterator[Any]:
    """Yield an expression and those that it is made of."""
    yield expression
    for child in elements(expression.children()):
        yield from parts(child)


def elements(sequence: Any) -> Iterator[Any]:
    """Yield the elements of a sequence of Scala's."""
    return (sequence.apply(place) for place in range(sequence.size()))


def in_short(sql: str) -> str:
    """Return a statement in one line, its end left out if it is long."""
    line = " ".join(sql.split())
    return f"`{line[:SHOWN]}…`" if len(line) > SHOWN else f"`{line}`"
