"""The whole build of made-up data with damaged lines, against known results."""

import json
import sqlite3
import sys
from contextlib import closing, nullcontext
from pathlib import Path

import pandas as pd
import pytest
import yaml
from whole_build import BAD_LINES, LATE, NEW_USER, SCHEMA, STREAMING, TOPIC

from cinespark.show.why import why
from cinespark.track.place import LOCATIONS
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version

ROOT = Path(__file__).parents[3]


def test_each_damaged_line_is_rejected_with_its_reason(table):
    rejected = table("rejected_rows")
    assert dict(zip(rejected.line, rejected.reason, strict=True)) == BAD_LINES
    assert set(rejected.source_file) == {"ratings.csv"}


def test_facts_are_the_accepted_ratings_latest_first(table, ratings):
    facts = table("fct_ratings").sort_values(["user_id", "movie_id"], ignore_index=True)
    pd.testing.assert_frame_equal(
        facts[list(ratings)], ratings, check_dtype=False, check_exact=True
    )
    likes = dict(zip(facts.rating, facts.is_like, strict=True))
    assert likes == {
        **dict.fromkeys((0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5), False),
        **dict.fromkeys((4.0, 4.5, 5.0), True),
    }


def test_reasons_of_who_sent_ratings_go_back_to_segments_and_lines(
    table, data_dir, exports_dir, state_dir
):
    segments = table("stg_movielens__manifest").query("is_segment")
    assert len(segments) == 2
    version = current_version(exports_dir)
    dataset = read_manifest(exports_dir, version).about.dataset
    assert {dataset.incoming_sha256} == {*segments["incoming_sha256"]}
    folders = data_dir, data_dir.parent, state_dir
    found = why(exports_dir, *folders, str(NEW_USER), 1, lambda *_: nullcontext(id))
    named = [term for term in found.terms if term["term"] == "movie"]
    assert named
    for term in named:
        line = Path(term["file"]).read_text().splitlines()[term["line"] - 1]
        row = json.loads(line)
        assert (row["user_id"], row["movie_id"]) == (NEW_USER, term["movie_id"])
        assert (row["rating"], row["rated_at"]) == (term["rating"], LATE)


def test_a_version_says_how_far_it_read_the_stream_and_reasons_go_back_to_records(
    table, data_dir, exports_dir, state_dir, streamed
):
    version = current_version(exports_dir)
    stream = read_manifest(exports_dir, version).about.dataset.stream
    assert stream == {"topic": TOPIC, "next_offsets": {"0": len(streamed)}}
    folders = data_dir, data_dir.parent, state_dir
    found = why(exports_dir, *folders, str(STREAMING), 1, lambda *_: nullcontext(id))
    named = [term for term in found.terms if term["term"] == "movie"]
    assert named
    for term in named:
        assert term["file"] == f"{TOPIC}/0"
        row = json.loads(streamed[term["line"]]["raw_value"])
        assert (row["user_id"], row["movie_id"]) == (STREAMING, term["movie_id"])
        assert (row["rating"], row["rated_at"]) == (term["rating"], LATE)
    assert f"records of the topic {TOPIC}" in found.source


def test_popular_genres_count_each_movie_in_each_of_its_genres(
    table, ratings, data_dir
):
    movies = pd.read_csv(data_dir / "movies.csv")
    movies["genre"] = movies.genres.str.split("|")
    exploded = movies.explode("genre")[["movieId", "genre"]]
    exploded = exploded[exploded.genre != "(no genres listed)"]
    rated = ratings.merge(exploded, left_on="movie_id", right_on="movieId")
    expected = rated.groupby("genre").agg(
        movie_count=("movie_id", "nunique"),
        rating_count=("rating", "size"),
        rating_mean=("rating", "mean"),
    )
    expected["rating_share"] = expected.rating_count / len(ratings)
    genres = table("eda_popular_genres").set_index("genre").sort_index()
    pd.testing.assert_frame_equal(
        genres[list(expected)], expected.sort_index(), check_dtype=False
    )
    by_rank = genres.sort_values("popularity_rank")
    assert by_rank.rating_count.is_monotonic_decreasing
    assert by_rank.popularity_rank.tolist() == list(range(1, len(genres) + 1))


def test_rating_trends_count_every_rating_in_its_month(table, ratings):
    months = ratings.rated_at.dt.to_period("M").dt.to_timestamp().dt.date
    expected = ratings.groupby(months).agg(
        rating_count=("rating", "size"),
        user_count=("user_id", "nunique"),
        rating_mean=("rating", "mean"),
    )
    trends = table("eda_rating_trends").set_index("rated_month").sort_index()
    pd.testing.assert_frame_equal(
        trends[list(expected)], expected, check_dtype=False, check_names=False
    )


def test_user_activity_ranks_users_by_their_ratings(table, ratings):
    counts = ratings.groupby("user_id").size()
    activity = table("eda_user_activity").set_index("user_id").sort_index()
    assert activity.rating_count.tolist() == counts.tolist()
    assert activity.rating_share.sum() == pytest.approx(1)
    top = activity.sort_values("activity_rank")
    assert top.rating_count.is_monotonic_decreasing
    assert top.activity_decile.is_monotonic_increasing


def test_a_user_without_ratings_is_in_the_dimension(table):
    users = table("dim_users").set_index("user_id")
    assert users.loc[500000, ["age_band", "rating_count"]].tolist() == ["35-44", 0]


def test_what_is_exported_is_the_table(table, exports_dir):
    version = current_version(exports_dir)
    exported = pd.read_csv(exports_dir / version / "recommendations.csv")
    lists = table("recommendations").sort_values(["user_id", "rank"], ignore_index=True)
    for name in ("reason_movie_ids", "reason_contributions", "rule_lines"):
        exported[name] = exported[name].map(json.loads)
        lists[name] = lists[name].map(list)
    same = [column for column in lists if column != "generated_at"]
    pd.testing.assert_frame_equal(
        exported[same].fillna(""), lists[same].fillna(""), check_dtype=False
    )
    files = table("published_files")
    assert set(files.version) == {version}
    manifest = json.loads((exports_dir / version / "manifest.json").read_text())
    sums = {f"{version}/{file['path']}": file["sha256"] for file in manifest["files"]}
    assert dict(zip(files.path, files.sha256, strict=True)) == sums


def test_nothing_that_is_published_or_tracked_names_a_place(
    build, exports_dir, state_dir, data_dir
):
    places = [data_dir.parents[1], exports_dir, state_dir, ROOT, Path.home()]
    source = json.loads((data_dir / "manifest.json").read_text())["source"]
    assert source.startswith("folder damaged (")
    folders = [exports_dir, state_dir / "mlartifacts", data_dir]
    texts = {
        file: file.read_bytes()
        for one in folders
        for file in one.rglob("*.*")
        if file.is_file()
    }
    texts |= {data_dir / "manifest.json": (data_dir / "manifest.json").read_bytes()}
    with closing(sqlite3.connect(state_dir / "mlflow.db")) as rows:
        for (table,) in rows.execute(
            "select name from sqlite_master where type = 'table'"
        ).fetchall():
            names = [row[1] for row in rows.execute(f"pragma table_info({table})")]
            kept = [name for name in names if name not in LOCATIONS.get(table, ())]
            for name in kept:
                found = rows.execute(f"select {name} from {table}").fetchall()
                texts[f"{table}.{name}"] = str(found).encode()
    named = {
        str(where)
        for where, text in texts.items()
        for place in places
        if f"{place}/".encode() in text
    }
    assert named == set()


def test_show_prints_the_best_movies_of_the_table_in_their_order(
    table, exports_dir, monkeypatch, capsys
):
    from cinespark.cli.main import main

    shown = exports_dir.parent / "exports"
    shown.exists() or shown.symlink_to(exports_dir)
    monkeypatch.setenv("COLUMNS", "200")  # no title needs a second line
    lists = table("recommendations").sort_values(["user_id", "rank"])
    tops = set()
    for user, rows in list(lists.groupby("user_id"))[:3]:
        words = ["cinespark", "--state-dir", str(shown.parent), "show", "--user"]
        monkeypatch.setattr(sys, "argv", [*words, str(user)])
        main()
        lines = capsys.readouterr().out.splitlines()
        (head,) = [line for line in lines if "title" in line and "stars" in line]
        begin, end = head.index("title"), head.index("year")
        printed = [
            (line.split()[0], line[begin:end].strip())
            for line in lines
            if line.strip()[:1].isdigit()
        ]
        expected = [
            (str(row.rank), row.title) for row in rows.head(5).itertuples(index=False)
        ]
        assert printed == expected
        tops.add(tuple(expected))
    assert len(tops) == 3  # one user's list would not do for another


# of each model; of what publishes they stay, as nothing that is judged changes
JUDGEMENTS = ("holdout_predictions", "holdout_rankings", "tag:evaluation")


def test_building_again_gives_the_same_rows_and_no_new_version(
    dbt, variables, table, exports_dir
):
    before = table("recommendations").drop(columns="generated_at")
    versions = sorted(path.name for path in exports_dir.iterdir())
    words = ["--select", "fct_ratings+,+published_files", "--exclude", *JUDGEMENTS]
    result = dbt("run", *words, "--vars", yaml.safe_dump(variables), schema=SCHEMA)
    assert result.success
    assert len(result.result) > 20
    after = table("recommendations").drop(columns="generated_at")
    keys = ["user_id", "rank"]
    pd.testing.assert_frame_equal(
        before.sort_values(keys, ignore_index=True),
        after.sort_values(keys, ignore_index=True),
        check_exact=True,
    )
    assert sorted(path.name for path in exports_dir.iterdir()) == versions


def test_every_column_that_is_built_is_described_and_the_other_way_round(spark, build):
    for result in build:
        node = result.node
        if node.resource_type == "model" and node.config.materialized != "ephemeral":
            built = set(spark.table(f"{SCHEMA}.{node.alias}").columns)
            assert built == set(node.columns), node.name


def test_an_empty_build_is_green_and_leaves_what_is_published(
    dbt, variables, build, exports_dir
):
    before = current_version(exports_dir)
    # unit tests bring rows of their own: the whole build has run them
    words = ["--empty", "--exclude-resource-type", "unit_test"]
    words += ["--vars", yaml.safe_dump(variables)]
    result = dbt("build", *words, schema="empty")
    assert result.success, [
        (node.node.name, node.message) for node in result.result if node.failures
    ]
    assert current_version(exports_dir) == before


@pytest.mark.parametrize(
    "command",
    [
        ["build"],
        ["run", "--select", "stg_movielens__ratings"],
        ["run", "--select", "rejected_rows"],
        ["run", "--select", "fct_ratings"],
        ["test"],
    ],
)
def test_without_data_the_first_words_are_the_command_that_brings_it(dbt, command):
    variables = yaml.safe_dump({"data_dir": "/no/such/folder"})
    result = dbt(*command, "--vars", variables, schema="without_data")
    assert not result.success
    assert "run `cinespark data ml-100k`" in str(result.exception)
    assert "PATH_NOT_FOUND" not in str(result.exception)


def test_another_target_builds_everything_and_publishes_nothing(
    dbt, variables, build, exports_dir, spark
):
    def files():
        return {path: path.stat().st_mtime_ns for path in exports_dir.rglob("*")}

    before = files()
    result = dbt(
        "run",
        "--select",
        "top_n_candidates+",
        "--vars",
        yaml.safe_dump(variables | {"top_n": 3}),
        schema=SCHEMA,
        target_name="dev",
    )
    assert result.success
    assert files() == before
    shown = spark.table(f"{SCHEMA}.published_files").toPandas()
    assert set(shown.version) == {current_version(exports_dir)}
    assert spark.table(f"{SCHEMA}.recommendations").toPandas()["rank"].max() == 3
