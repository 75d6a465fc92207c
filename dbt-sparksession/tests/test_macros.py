"""Cross-database macros where Spark's ANSI mode or dbt-spark's detours went wrong."""

import pytest
from dbt.tests.util import run_dbt

SPLIT = """
{{ config(materialized='table') }}
select
    id,
    {{ dbt.split_part('genres', "'|'", 1) }} as first_genre,
    {{ dbt.split_part('genres', "'|'", 2) }} as second_genre,
    {{ dbt.split_part('genres', "'|'", -1) }} as last_genre,
    {{ dbt.split_part('genres', "'|'", -2) }} as last_but_one
from values (1, 'Comedy|Drama'), (2, 'Horror'), (3, ''), (4, null) as rows (id, genres)
"""
# each call and its value, by hand
CALLS = {
    """dbt.safe_cast("'abc'", "int")""": None,
    """dbt.safe_cast("'12'", "int")""": 12,
    """dbt.safe_cast("'2026-13-01'", "date")""": None,
    """dbt.dateadd("millisecond", 1500, "'2026-01-01'")""": "2026-01-01 00:00:01.5",
    """dbt.dateadd("month", 1, "date '2026-01-31'")""": "2026-02-28 00:00:00",
    """dbt.dateadd("day", "null", "date '2026-01-31'")""": None,
    """dbt.dateadd("day", "max(y)", "concat('2026-01-0', max(y))")""": (
        "2026-01-06 00:00:00"
    ),
    # the quarters of 2024 begin on days 1, 92, 183 and 275
    """dbt.datediff("'2024-03-31'", "'2024-04-01'", "quarter")""": 1,
    """dbt.datediff("'2024-04-01'", "'2024-03-31'", "quarter")""": -1,
    """dbt.datediff("'2024-06-30'", "'2024-09-30'", "quarter")""": 1,
    """dbt.datediff("'2026-01-31'", "'2026-03-01'", "month")""": 2,
    # Saturday to Sunday
    """dbt.datediff("'2026-11-28'", "'2026-11-29'", "week")""": 1,
    """dbt.datediff("'2026-11-29'", "'2026-12-05'", "week")""": 0,
    """dbt.datediff("'2026-01-01 10:59:59'", "'2026-01-01 11:00:00'", "hour")""": 1,
    """dbt.datediff("'2026-01-01'", "'2026-01-01 00:00:01'", "microsecond")""": 1000000,
    """dbt.listagg("x", "', '", "order by y desc", 2)""": "a, b",
    """dbt.listagg("x", "', '", "order by x")""": "a, b, c",
    """dbt.bool_or("y > 2")""": True,
}


class TestAnsiMacros:
    @pytest.fixture(scope="class")
    def models(self):
        columns = [f"{{{{ {call} }}}} as c{i}" for i, call in enumerate(CALLS)]
        rows = "from values ('c', 1), ('b', 2), ('a', 3) as rows (x, y)"
        return {
            "split.sql": SPLIT,
            "calls.sql": f"select {', '.join(columns)} {rows}",
        }

    @pytest.fixture(scope="class")
    def built(self, project):
        run_dbt(["run"])
        return project

    def test_a_part_that_is_not_there_is_empty(self, built):
        rows = built.run_sql(
            f"select * from {built.test_schema}.split order by id", fetch="all"
        )
        assert [tuple(row) for row in rows] == [
            (1, "Comedy", "Drama", "Drama", "Comedy"),
            (2, "Horror", "", "Horror", ""),
            (3, "", "", "", ""),
            (4, None, None, None, None),
        ]

    def test_each_call_has_the_value_worked_out_by_hand(self, built):
        row = built.run_sql(f"select * from {built.test_schema}.calls", fetch="one")
        shown = {
            call: value if value is None or type(value) in (int, bool) else str(value)
            for call, value in zip(CALLS, row, strict=True)
        }
        shown = {
            call: value.removesuffix("00000") if isinstance(value, str) else value
            for call, value in shown.items()
        }
        assert shown == CALLS
