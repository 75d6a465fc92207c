"""Staging on any lines at all, and by file: nothing is lost, nothing raises."""

import os
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cinespark.data.landing import ALL_HEADERS, GENOME, HEADERS, About, seal

SCHEMA = "staging"
# the scores after the tags, which they look up
STAGED = [
    f"stg_movielens__{file.removesuffix('.csv').replace('-', '_')}"
    for file in (*HEADERS, *sorted(GENOME, reverse=True))
]
ABOUT = About("own", "a test", "none", "none")

ids = st.integers(-3, 9).map(str) | st.just("99999999999")
cells = {
    "userId": ids,
    "movieId": ids,
    "rating": st.sampled_from(["0.5", "5.0", "3", "NaN", "", "-1", "1e9", "Infinity"]),
    "timestamp": st.sampled_from(["0", "964982703", "-1", "99999999999999999", "x"]),
    "title": st.sampled_from(
        ["Emma (1996)", '"Matrix, The (1999)"', "(1999)", " ", '"', "()"]
    ),
    "genres": st.sampled_from(["Drama|Comedy", "(no genres listed)", "|", "", '"a"b']),
    "age": st.sampled_from(["1", "200", "", "-4", "x"]),
    "tagId": ids,
    "relevance": st.sampled_from(["0", "0.5", "1", "1.5", "-1", "NaN", "", "x"]),
}
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def lines_of(header):
    columns = [cells.get(column, anything) for column in header.split(",")]
    row = st.tuples(*columns).map(",".join)
    line = (row | anything).filter(lambda line: header not in line)
    lines = st.lists(line, min_size=1, max_size=60)
    return lines.filter(lambda some: any(one.strip() for one in some))  # or none lands


files = st.fixed_dictionaries(
    {file: lines_of(header) for file, header in ALL_HEADERS.items()}
)


@pytest.fixture(scope="module")
def account(dbt, spark, tmp_path_factory):
    """Return a function: all files' lines in, the compiled models' accounts out."""
    folder = tmp_path_factory.mktemp("landing")
    sample = {file: ["1,1,1,1"] for file in ALL_HEADERS}
    write(folder, sample)
    result = dbt(
        "compile",
        "--full-refresh",
        "--select",
        "staging",
        "line_reconciliation",
        "--vars",
        yaml.safe_dump({"data_dir": str(folder), "genome": True}),
        schema=SCHEMA,
    )
    assert result.success, result.exception
    compiled = {
        node.node.name: node.node.compiled_code.replace(f"{SCHEMA}.", "")
        for node in result.result
    }
    views = [*STAGED, "stg_movielens__manifest", "rejected_rows"]

    def run(lines, bom=False, newline="\n"):
        write(folder, lines, bom, newline)
        session = spark.newSession()
        for name in views:
            session.sql(f"create temporary view {name} as {compiled[name]}")
        accounts = session.sql(compiled["line_reconciliation"]).collect()
        return {row.source_file: row for row in accounts}

    return run


def write(folder, lines, bom=False, newline="\n"):
    for file in lines:
        header = ALL_HEADERS[file]
        text = newline.join([header, *lines[file]]) + newline
        encoding = "utf-8-sig" if bom else "utf-8"
        (folder / file).write_text(text, encoding=encoding, newline="")
    seal(folder, ABOUT)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(lines=files, bom=st.booleans(), newline=st.sampled_from(["\n", "\r\n"]))
def test_whatever_lines_come_in_each_is_accounted_for(account, lines, bom, newline):
    accounts = account(lines, bom, newline)
    assert set(accounts) == set(ALL_HEADERS)
    for file, row in accounts.items():
        counts = row.accepted_count, row.superseded_count, row.rejected_count
        assert min(counts) >= 0
        assert sum(counts) == row.line_count >= len(lines[file])


def test_each_file_counts_accepted_superseded_and_rejected(account):
    lines = {
        "ratings.csv": ["1,1,4,100", "1,1,3,50", "1,1,3,50", "1,2,9,100"],
        "movies.csv": ["1,Emma (1996),Drama", "1,Emma (1996),Drama", "x,y,z"],
        "tags.csv": ["1,1,good,5", "1,1,good,5", "1,1,good,6", "1,1,,6"],
        "links.csv": ["1,0114709,862", "1,0114709,", ",1,1"],
        "users.csv": ["1,25,F,,", "1,26,F,,", "2,999,F,,"],
        "genome-scores.csv": ["1,1,0.5", "1,1,0.25", "1,1,0.5", "1,2,0.5", "1,1,2"],
        "genome-tags.csv": ["1,classic", "1,old", "2,"],
    }
    found = {
        file: (row.accepted_count, row.superseded_count, row.rejected_count)
        for file, row in account(lines).items()
    }
    assert found == {
        "ratings.csv": (1, 2, 1),
        "movies.csv": (1, 1, 1),
        "tags.csv": (2, 1, 1),
        "links.csv": (1, 1, 1),
        "users.csv": (1, 1, 1),
        "genome-scores.csv": (1, 2, 2),
        "genome-tags.csv": (1, 1, 1),
    }


def test_a_line_with_a_control_character_is_rejected_and_a_tab_is_none(account):
    lines = {
        "ratings.csv": ["1,1,4,100"],
        "movies.csv": ["1,Em\x1b]52;c;eA==\x07ma,Drama", "2,Tab\there,Drama", "\0,a,b"],
        "tags.csv": ["1,1,\x08good,5", "1,1,g\too\td,5"],
        "links.csv": ["1,0114709\x9b,862", "2,0114709,862"],
        "users.csv": ["1,25,F,lawyer\x7f,", "2,25,F,lawyer,"],
        "genome-scores.csv": ["1,1,0.5", "1,2\x07,0.5"],
        "genome-tags.csv": ["1,cl\tassic", "2,o\x1bld"],
    }
    found = {
        file: (row.accepted_count, row.superseded_count, row.rejected_count)
        for file, row in account(lines).items()
    }
    assert found.pop("ratings.csv") == (1, 0, 0)
    assert found.pop("movies.csv") == (1, 0, 2)
    assert set(found.values()) == {(1, 0, 1)}


@pytest.fixture
def staged(dbt, spark, tmp_path):
    """Return a function: lines in, the table after an incremental run out."""
    others = {
        "movies.csv": ["1,Emma (1996),Drama"],
        "tags.csv": [],
        "links.csv": [],
        "users.csv": [],
    }
    since = int(time.time()) - 1000

    def run(ratings, *options, version, **variables):
        write(tmp_path, {"ratings.csv": ratings, **others})
        os.utime(tmp_path / "ratings.csv", (since + version, since + version))
        result = dbt(
            "run",
            "--select",
            "stg_movielens__ratings",
            *options,
            "--vars",
            yaml.safe_dump({"data_dir": str(tmp_path), **variables}),
            schema="by_file",
        )
        assert result.success, [node.message for node in result.result]
        rows = spark.table("by_file.stg_movielens__ratings").collect()
        return sorted((row.user_id, row.movie_id, row.rating) for row in rows)

    return run


def test_another_file_replaces_the_rows_of_the_one_before(staged):
    first = ["1,1,4,100", "2,1,3,50"]
    second = ["1,1,2,200", "3,1,5,50"]
    assert staged(first, "--full-refresh", version=1) == [(1, 1, 4.0), (2, 1, 3.0)]
    # the same path, time and size is the same version: it is not read again
    assert staged(second, version=1) == [(1, 1, 4.0), (2, 1, 3.0)]
    rows = staged(second, version=2)
    assert rows == [(1, 1, 2.0), (3, 1, 5.0)]
    assert staged(second, "--full-refresh", version=2) == rows
    assert staged(["1,1,99,100"], version=3) == []
    assert staged(["1,1,99,100"], version=3, rating_max=100) == [(1, 1, 99.0)]


@pytest.mark.parametrize(
    ("threshold", "liked"), [(4.0, [4.0, 4.5]), (3.0, [3.0, 3.5, 4.0, 4.5])]
)
def test_a_like_is_a_rating_of_the_threshold_or_more(
    dbt, spark, tmp_path, threshold, liked
):
    stars = ["2.5", "3.0", "3.5", "4.0", "4.5"]
    rows = {file: ["1,1,1,1"] for file in HEADERS}
    ratings = [f"1,{movie},{rating},100" for movie, rating in enumerate(stars)]
    write(tmp_path, rows | {"ratings.csv": ratings})
    variables = {"data_dir": str(tmp_path), "like_threshold": threshold}
    words = ["--full-refresh", "--vars", yaml.safe_dump(variables)]
    result = dbt("run", "--select", "+fct_ratings", *words, schema="likes")
    assert result.success
    likes = spark.table("likes.fct_ratings").where("is_like").collect()
    assert sorted(row.rating for row in likes) == liked
