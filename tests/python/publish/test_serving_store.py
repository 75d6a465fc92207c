"""The file that answers are read from: the same rows as the other files, by key."""

import json
from contextlib import closing
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_state import content_of
from made_versions import ABOUT, POPULAR, content

from cinespark.publish.content import write_files
from cinespark.publish.publish import publish
from cinespark.versions.serving_file import SERVING, open_serving
from cinespark.versions.versions import current_version


@pytest.fixture
def ask(exports):
    """Return a function that publishes a content and asks its serving file."""

    def run(made, statement, *values):
        publish(made, exports, ABOUT)
        with closing(open_serving(exports / current_version(exports))) as store:
            return store.execute(statement, values).fetchall()

    return run


def test_lists_are_those_of_the_parquet_file(ask, exports):
    found = ask(
        content_of("plain", 0),
        "select user_id, rank, movie_id, score, predicted_rating, reason, source, "
        "reason_movie_ids, reason_contributions from recommendations",
    )
    file = exports / current_version(exports) / "recommendations.parquet"
    rows = pq.read_table(file).to_pylist()
    assert len(rows) == 4
    for row, mine in zip(rows, found, strict=True):
        names = "user_id", "rank", "movie_id", "score", "predicted_rating"
        assert mine[:5] == tuple(row[name] for name in names)
        assert mine[5:7] == (row["reason"], row["source"])
        assert json.loads(mine[7]) == row["reason_movie_ids"]
        assert json.loads(mine[8]) == row["reason_contributions"]


def test_models_and_time_of_the_lists_are_there_once(ask):
    made = ask(content_of("plain", 0), "select * from made")
    assert made == [("plain", "2026-01-01T00:00:00Z")]


def test_titles_are_found_by_words_without_their_accents(ask):
    movies = pa.table(
        {
            "movie_id": [1, 2, 3],
            "title": ["Amélie", "Le fabuleux destin d'Amélie", None],
        }
    )
    found = ask(
        replace(content(), movies=movies),
        "select rowid, title from titles where titles match ? order by rank",
        '"amelie"',
    )
    assert found == [(1, "Amélie"), (2, "Le fabuleux destin d'Amélie")]


@pytest.mark.parametrize(
    ("ids", "keys"),
    [
        ((pa.array(["b", "a"]), pa.array([7, 3])), [("a", 3), ("b", 7)]),
        ((pa.array([2**40, 5]), pa.array([7, 3])), [(5, 3), (2**40, 7)]),
    ],
)
def test_ids_are_as_the_data_set_has_them_beside_their_keys(ask, ids, keys):
    names, numbers = ids
    base = content()
    lists = base.recommendations
    users = pa.chunked_array([names.take(pa.array([0, 0, 1, 1]))])
    lists = lists.set_column(0, "user_id", users)
    movies = pa.table({"movie_id": names, "title": ["Heat", "Babe"]})
    dictionary = {
        entity: pa.table({f"{entity}_id": names, f"{entity}_key": numbers})
        for entity in ("user", "movie")
    }
    made = replace(base, recommendations=lists, movies=movies, dictionary=dictionary)
    assert ask(made, "select * from users order by user_id") == keys
    rows = ask(made, "select movie_id, movie_key from movies order by movie_id")
    assert rows == keys


def test_what_is_popular_is_there_by_segment(ask):
    made = replace(content(), popular=POPULAR)
    statement = "select movie_id, like_count from popular where genre = ?"
    assert ask(made, statement, "Crime") == [(6, 2)]


def test_the_same_content_is_the_same_bytes(tmp_path):
    files = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_files(replace(content(), popular=POPULAR), tmp_path / name)
        files.append((tmp_path / name / SERVING).read_bytes())
    assert files[0] == files[1]


def test_nobody_writes_to_it(ask, exports):
    with pytest.raises(Exception, match="readonly"):
        ask(content(), "delete from movies")
    folder = exports / current_version(exports)
    assert not [file for file in folder.iterdir() if "-" in file.suffix]  # no journal
