"""The whole build of made-up data with damaged lines, against known results."""

import json
import sqlite3
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from pyspark.ml.recommendation import ALS
from toys import TOY_PREDICTOR, TOY_RANKER
from whole_build import BAD_LINES, SCHEMA

from cinespark.track.place import LOCATIONS
from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS
from cinespark.versions.versions import current_version

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def ratings(data_dir):
    """Return the accepted ratings, read and judged by pandas alone."""
    text = (data_dir / "ratings.csv").read_text().splitlines()
    kept = [line for line in text if line not in BAD_LINES]
    frame = pd.read_csv(StringIO("\n".join(kept)))
    frame.columns = ["user_id", "movie_id", "rating", "rated_at"]
    frame = frame.sort_values("rated_at").drop_duplicates(
        ["user_id", "movie_id"], keep="last"
    )
    frame["rated_at"] = pd.to_datetime(frame["rated_at"], unit="s")
    return frame.sort_values(["user_id", "movie_id"], ignore_index=True)


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


def test_splits_hide_a_fifth(table, ratings):
    split = table("int_ratings_split")
    assert (split.random_split == "test").mean() == pytest.approx(0.2, abs=0.04)
    hidden = split[split.temporal_split == "test"].groupby("user_id").size()
    counts = ratings.groupby("user_id").size()
    assert hidden.tolist() == np.floor(counts * 0.2).astype(int).tolist()


def vectors(frame, entity):
    rows = frame[frame.entity == entity]
    return dict(zip(rows.entity_id, rows.factors.map(np.array), strict=True))


def test_accuracy_of_classic_als_is_mllibs(spark, table):
    split = spark.table(f"{SCHEMA}.int_ratings_split")
    train = split.where("random_split = 'train'")
    als = ALS(
        rank=10,
        maxIter=10,
        regParam=0.1,
        seed=42,
        numUserBlocks=2,
        numItemBlocks=2,
        userCol="user_id",
        itemCol="movie_id",
        coldStartStrategy="drop",
    )
    model = als.fit(
        train.repartition(2, "user_id").sortWithinPartitions("user_id", "movie_id")
    )
    test = split.where("random_split = 'test'")
    warm = model.transform(test).toPandas()
    errors = warm.prediction.clip(0.5, 5) - warm.rating
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    mine = accuracy.loc[("classic_als", "warm")]
    assert mine.rating_count == len(warm)
    assert mine.rmse == pytest.approx(np.sqrt((errors**2).mean()), abs=1e-5)
    assert mine.mae == pytest.approx(errors.abs().mean(), abs=1e-5)
    every = accuracy.loc[("classic_als", "all")]
    assert every.rating_count == test.count()
    assert every.cold_rating_count == every.rating_count - mine.rating_count


def test_the_bias_model_is_better_than_the_mean_of_the_training_rows(table):
    split = table("int_ratings_split")
    train, test = (split[split.random_split == side] for side in ("train", "test"))
    plain = np.sqrt(((test.rating - train.rating.mean()) ** 2).mean())
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    assert accuracy.loc[("bias", "all")].rmse < plain


def folded_in(history, movies, half_life):
    """Return a user's vector by the equation in fold_in.py, solved row by row."""
    matrix = np.array(list(movies.values()), float)
    left = 0.1 * matrix.T @ matrix + 0.1 * len(history) * np.eye(matrix.shape[1])
    right = np.zeros(matrix.shape[1])
    for row in history.itertuples():
        newer = (history.rated_at > row.rated_at).sum()
        weight = (max(row.rating - 1, 0) / 4) ** 1.5 * 0.5 ** (newer / half_life)
        vector = movies.get(row.movie_id, np.zeros(len(right))).astype(float)
        left += weight * np.outer(vector, vector)
        right += weight * vector
    return np.linalg.solve(left, right)


def test_lists_are_the_best_movies_by_brute_force(table, ratings, data_dir):
    factors = table("item_factors")
    movies = vectors(factors[factors.subset == "all"], "movie")
    tried = table("blend_validation")
    half_life = tried[tried.is_chosen].fold_in_half_life.item()
    liked = set(ratings[ratings.rating > 1].movie_id)
    catalogue = pd.read_csv(data_dir / "movies.csv").movieId.tolist()
    popularity = table("dim_movies").sort_values(
        ["like_count", "rating_count", "movie_id"], ascending=[False, False, True]
    )
    lists = table("recommendations").sort_values(["user_id", "rank"])
    lists = lists[lists.user_id != 500000]  # who has rated nothing
    known = pd.read_csv(data_dir / "users.csv").userId
    rated = ratings.groupby("user_id").size()
    exhausted = set(rated[rated == len(catalogue)].index)
    everyone = set(known) | set(ratings.user_id)
    assert set(lists.user_id) == everyone - exhausted - {500000}
    for user, rows in lists.groupby("user_id"):
        history = ratings[ratings.user_id == user]
        vector = folded_in(history, movies, half_life)
        unseen = [movie for movie in catalogue if movie not in set(history.movie_id)]
        scores = {
            movie: vector @ movies[movie].astype(float)
            for movie in unseen
            if vector.any() and movie in liked
        }
        best = sorted(scores, key=lambda movie: (-scores[movie], movie))
        popular = [movie for movie in popularity.movie_id if movie in set(unseen)]
        filled = [movie for movie in popular if movie not in scores]
        assert rows.movie_id.tolist() == (best + filled)[:10]
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        sources = ["personal"] * len(best) + ["popularity"] * len(filled)
        assert rows.source.tolist() == sources[:10]


def test_reasons_are_the_ratings_that_add_most_by_brute_force(table, ratings):
    """Each rating's term: what its movie says of the listed one for this user."""
    factors = table("item_factors")
    movies = vectors(factors[factors.subset == "all"], "movie")
    titles = table("dim_movies").set_index("movie_id").title
    tried = table("blend_validation")
    half_life = tried[tried.is_chosen].fold_in_half_life.item()
    matrix = np.array(list(movies.values()), float)
    lists = table("recommendations").query("source == 'personal'")
    assert len(lists) > 500
    for user, rows in lists.groupby("user_id"):
        history = ratings[ratings.user_id == user]
        newer = history.rated_at.map(
            lambda then, of=history: (of.rated_at > then).sum()
        )
        liked = ((history.rating - 1).clip(lower=0) / 4) ** 1.5
        weight = (liked * 0.5 ** (newer / half_life)).to_numpy()
        own = np.array([movies.get(one, 0 * matrix[0]) for one in history.movie_id])
        left = 0.1 * matrix.T @ matrix + own.T @ (weight[:, None] * own)
        left += 0.1 * len(history) * np.eye(len(left))
        for row in rows.itertuples():
            adds = weight * (
                own @ np.linalg.solve(left, movies[row.movie_id].astype(float))
            )
            best = np.argsort(-adds)[:3]
            named = [movie for movie in history.movie_id.iloc[best] if adds.max() > 0]
            named = named[: (adds[best] > 1e-9).sum()]
            assert list(row.reason_movie_ids) == named
            np.testing.assert_allclose(
                row.reason_contributions, adds[best][: len(named)]
            )
            assert sum(adds) == pytest.approx(row.score, abs=1e-6)
            assert row.score_constant == 0
            words = [titles[movie] for movie in named]
            start = ", ".join(words[:-1])
            text = f"{start} and {words[-1]}" if start else words[-1]
            assert row.reason == f"because you rated {text}"


def cosine(one, other):
    known = one is not None and other is not None and one.any() and other.any()
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other) if known else 0


def test_similar_movies_are_the_best_of_all_pairs_by_brute_force(
    table, ratings, data_dir
):
    factors = table("item_factors")
    learnt = vectors(factors[factors.subset == "all"], "movie")
    content = table("movie_content").set_index("movie_id").embedding
    said = content.dropna().map(lambda one: np.array(one, float)).to_dict()
    counts = ratings.groupby("movie_id").size()
    catalogue = pd.read_csv(data_dir / "movies.csv").movieId.tolist()
    similar = table("similar_movies").sort_values(["movie_id", "rank"])
    assert set(similar.movie_id) <= set(catalogue)
    for movie in catalogue[:25]:
        found = {}
        for other in set(catalogue) - {movie}:
            fewer = min(counts.get(movie, 0), counts.get(other, 0))
            score = 0.5 * cosine(said.get(movie), said.get(other)) + (
                0.5 * fewer / (fewer + 20)
            ) * cosine(learnt.get(movie), learnt.get(other))
            if score > 1e-6:
                found[other] = score
        rows = similar[similar.movie_id == movie]
        assert rows["rank"].tolist() == list(range(1, min(20, len(found)) + 1))
        best = sorted(found.values(), reverse=True)[:20]
        np.testing.assert_allclose(rows.similarity, best, atol=2e-6)
        listed = [found[other] for other in rows.similar_movie_id]
        np.testing.assert_allclose(rows.similarity, listed, atol=2e-6)


def test_a_user_without_ratings_gets_what_is_popular_with_people_like_her(table):
    users = table("dim_users").set_index("user_id")
    likes = table("fct_ratings").query("is_like")[["user_id", "movie_id"]]
    shares = likes.movie_id.value_counts() / len(likes)
    scores = np.log(shares)
    for attribute in ("gender", "age_band", "occupation"):
        value = users.loc[500000, attribute]
        alike = users.index[users[attribute] == value]
        of_them = likes[likes.user_id.isin(alike)].movie_id
        here = of_them.value_counts().reindex(shares.index, fill_value=0)
        scores += np.log((here + 30) / (len(of_them) * shares + 30))
    lists = table("recommendations").query("user_id == 500000").sort_values("rank")
    assert set(lists.source) == {"segment"}
    assert lists.score.is_monotonic_decreasing
    best = scores.sort_values(ascending=False)
    np.testing.assert_allclose(lists.score, best.head(len(lists)))
    np.testing.assert_allclose(lists.score, scores[lists.movie_id])
    assert set(lists.reason) == {"popular with people like you"}
    assert lists.reason_movie_ids.map(len).sum() == 0


def test_predicted_ratings_are_means_biases_and_dot_products_of_the_predictor(table):
    rows = table("predictor")
    (mean,) = rows[rows.entity == "global"].bias
    users, movies = vectors(rows, "user"), vectors(rows, "movie")
    bias = rows.set_index(["entity", "entity_id"]).bias
    lists = table("recommendations")
    assert len(lists) > 500
    for row in lists.itertuples():
        dot = users[row.user_id].astype(float) @ movies[row.movie_id].astype(float)
        biases = bias["user", row.user_id] + bias["movie", row.movie_id]
        expected = np.clip(mean + biases + dot, 0.5, 5)
        assert row.predicted_rating == pytest.approx(expected, abs=1e-5)


def test_ranking_quality_is_what_pandas_makes_of_the_lists(table):
    preferences, rankings = table("int_preferences"), table("holdout_rankings")
    test = preferences[(preferences.subset == "test") & preferences.is_like]
    relevant = test.groupby("user_id").movie_id.agg(set)
    quality = table("ranking_quality").set_index(["model", "k", "segment"])
    users = table("dim_users").set_index("user_id")
    assert set(rankings.user_id) == set(relevant.index)
    for model in set(rankings.model):
        lists = rankings[rankings.model == model].sort_values("rank")
        lists = lists.groupby("user_id").movie_id.agg(list)
        for k in (5, 10, 20):
            figures = pd.DataFrame(
                [
                    metrics_of(lists[user][:k], wanted, k) | {"user_id": user}
                    for user, wanted in relevant.items()
                ]
            ).set_index("user_id")
            row = quality.loc[(model, k, "all")]
            for name, value in figures.mean().items():
                assert row[name] == pytest.approx(value), (model, k, name)
            # 95 % of the bootstrap's normal distribution, by 40 draws
            error = figures.ndcg.std() / np.sqrt(len(figures))
            assert row.ndcg_high - row.ndcg_low == pytest.approx(3.9 * error, rel=0.5)
            assert row.ndcg_low <= row.ndcg <= row.ndcg_high
            women = figures[users.gender[figures.index] == "F"]
            assert quality.loc[(model, k, "F")].ndcg == pytest.approx(women.ndcg.mean())


def metrics_of(movies, relevant, k):
    """Return one list's metrics, by their definitions."""
    hits = [movie in relevant for movie in movies]
    best = min(k, len(relevant))
    ideal = sum(1 / np.log2(rank + 1) for rank in range(1, best + 1))
    gain = sum(1 / np.log2(rank + 1) for rank, hit in enumerate(hits, 1) if hit)
    precisions = [sum(hits[:rank]) / rank for rank, hit in enumerate(hits, 1) if hit]
    return {
        "ndcg": gain / ideal,
        "recall": sum(hits) / len(relevant),
        "precision": sum(hits) / k,
        "map": sum(precisions) / best,
        "hit_rate": float(any(hits)),
    }


def test_the_leaderboard_has_every_candidate_and_what_publishes(table):
    board = table("model_leaderboard").set_index(["role", "model"])
    judged = {name for name, one in PREDICTORS.items() if one.is_judged}
    assert set(board.loc["predictor"].index) == judged | {TOY_PREDICTOR.name}
    assert set(board.loc["ranker"].index) == {*RANKERS, TOY_RANKER.name}
    assert board[board.is_published].index.tolist() == [
        ("predictor", "bayesian_mf"),
        ("ranker", "folded_in_als"),
    ]
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    for name, row in board.loc["predictor"].iterrows():
        assert row.metric_value == pytest.approx(accuracy.loc[(name, "all")].rmse)
        assert row.gain_over_baseline == pytest.approx(
            board.loc[("predictor", "bias")].metric_value - row.metric_value
        )
    assert (board.metric_value_low <= board.metric_value_high).all()
    assert (board.fit_seconds > 0).all()


def test_the_global_cut_has_new_users_and_movies(table):
    cold = table("cold_start_accuracy")
    split = table("int_ratings_split")
    sides = split.global_split
    assert (
        split.rated_at[sides == "train"].max() <= split.rated_at[sides == "test"].min()
    )
    test = split[sides == "test"]
    is_new_user = ~test.user_id.isin(split.user_id[sides == "train"])
    is_new_movie = ~test.movie_id.isin(split.movie_id[sides == "train"])
    expected = {
        "new user and new movie": (is_new_user & is_new_movie).sum(),
        "new user": (is_new_user & ~is_new_movie).sum(),
        "new movie": (~is_new_user & is_new_movie).sum(),
        "both known": (~is_new_user & ~is_new_movie).sum(),
    }
    assert expected["new user"] > 0
    expected = {segment: count for segment, count in expected.items() if count}
    assert set(cold.model) == {"bias", "bayesian_mf"}
    for _, rows in cold.groupby("model"):
        assert dict(zip(rows.segment, rows.rating_count, strict=True)) == expected


def test_what_is_exported_is_the_table(table, exports_dir):
    version = current_version(exports_dir)
    exported = pd.read_csv(exports_dir / version / "recommendations.csv")
    lists = table("recommendations").sort_values(["user_id", "rank"], ignore_index=True)
    for name in ("reason_movie_ids", "reason_contributions"):
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
