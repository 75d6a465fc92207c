"""A small version with models that were fitted, and the service of it.

The lists are made by the functions that a build calls, without Spark.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from made_lists import made_lists
from made_versions import ABOUT

from cinespark.algorithms.arrays import arrays_sha256
from cinespark.algorithms.co_occurrence import CoOccurrenceParams, co_occurrence
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.flattened import flattened, under
from cinespark.algorithms.list_rules import ListRules
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.algorithms.preference_scale import PreferenceScale
from cinespark.algorithms.preferences import history_of, preferences_from
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    RankerModel,
)
from cinespark.algorithms.segments import ATTRIBUTES, segment_likes, segment_popularity
from cinespark.algorithms.user_rules import RULES, UserRules
from cinespark.algorithms.user_rules import USERS as FOR_USERS
from cinespark.publish.content import Content
from cinespark.publish.publish import publish
from cinespark.serve.reasons import reason_in_words
from cinespark.versions.versions import current_version
from cinespark.vocabulary import USUAL

USERS, MOVIES, LISTED = 40, 30, 5
SILENT = 41  # has rated nothing, and something else is known
GENRES = ("Crime", "Drama", "War")
BARRED, OWN, PINNED, HELD = 101, 108, 104, 106  # movies that rules are for
SCALE = PreferenceScale(1.0, 5.0, 1.5)
IDS = {
    "int": (lambda key: key, pa.int32()),
    "bigint": (lambda key: key + 2**40, pa.int64()),
    "string": (lambda key: f"n° {key}/x", pa.string()),
}


def ratings(seed=3):
    """Return `user_id`, `movie_id`, `rating` and `rated_at`, some of one time."""
    rng = np.random.default_rng(seed)
    rows = []
    for user in range(1, USERS + 1):
        movies = rng.permutation(MOVIES)[: rng.integers(1, 15)] + 100
        for place, movie in enumerate(movies):
            rows.append((user, int(movie), rng.integers(1, 6) + 0.0, place // 2))
    return pd.DataFrame(rows, columns=["user_id", "movie_id", "rating", "rated_at"])


def preferences(frame):
    """Return rows of `int_preferences`, by pandas."""
    times = frame.groupby("user_id")["rated_at"]
    share = (frame["rating"] - 1).clip(lower=0) / 4
    return frame.assign(
        preference=share**1.5,
        is_like=frame["rating"] >= 4,
        newer_count=times.rank(method="max", ascending=False).astype(int)
        - times.transform(lambda one: one.map(one.value_counts())),
        rating_count=times.transform("size"),
    )


def people():
    rows = [(user, "FM"[user % 2], None, None) for user in range(1, SILENT + 1)]
    return pd.DataFrame(rows, columns=["user_id", *ATTRIBUTES])


def histories(frame):
    """Return rows of `int_user_histories`, with who has rated nothing."""
    rows = []
    for user in range(1, SILENT + 1):
        mine = frame[frame["user_id"] == user].sort_values("movie_id")
        names = ("movie_id", "rating", "preference", "newer_count")
        rows.append((user, *(mine[name].to_numpy() for name in names)))
    names = ["user_id", "movie_ids", "ratings", "preferences", "newer_counts"]
    return pd.DataFrame(rows, columns=names)


def ranker(learnt):
    rng = np.random.default_rng(8)
    vectors = rng.normal(size=(MOVIES, 4)).astype(np.float32).astype(np.float64)
    params = CoOccurrenceParams(3.0, 0.5, 0.7, 1.0, MOVIES)
    parts = (
        (1.0, FoldedIn(vectors, vectors.T @ vectors, 5.0, 0.1, 0.1)),
        (0.5, AskedEase(fit_ease(learnt.matrix(learnt.values), 5.0, 1), 0.3, 0.1)),
        (0.5, CoOccurrence(co_occurrence(learnt, params, 1))),
    )
    is_liked = np.bincount(learnt.movies, learnt.values, MOVIES) > 0
    return RankerModel(learnt.catalogue, is_liked, parts)


def predictor():
    rng = np.random.default_rng(9)

    def terms(ids):
        size = len(ids) + 1
        vectors = rng.normal(scale=0.3, size=(size, 3)).astype(np.float32)
        counts = np.append(np.full(len(ids), 9), 0).astype(np.int32)
        return Terms(ids, rng.normal(scale=0.2, size=size), counts, vectors)

    users, movies = np.arange(1, USERS + 1), np.arange(100, 100 + MOVIES)
    return PredictorModel((1.0, 5.0), 3.5, terms(users), terms(movies))


def history_arrays(frame):
    frame = frame.sort_values(["user_id", "rated_at", "movie_id"])
    users, starts = np.unique(frame["user_id"], return_index=True)
    return {
        "user_ids": users,
        "starts": np.append(starts, len(frame)),
        "movie_ids": frame["movie_id"].to_numpy(),
        "ratings": frame["rating"].to_numpy(np.float32),
        "rated_at": frame["rated_at"].to_numpy(),
    }


def made_rules(catalogue, new=(), **more):
    """Return the arrays of a shop's rules.

    Line 2 bars a movie, 3 keeps one for user 1, 4 allows one movie of the genre War, 5
    pins a movie to place 2, and one is held back from user 2.
    """
    war = [key for key in catalogue if "War" in genres_of(key)]
    place = {key: position for position, key in enumerate(catalogue)}
    rules = ListRules(
        np.array([2, 3, *[4] * len(war), 5]),
        np.array(["never", "only", *["at most"] * len(war), "pin"]),
        np.array([0.0, 0.0, *[1.0] * len(war), 2.0]),
        np.array([""] * (len(war) + 3)),
        np.array([place[key] for key in (BARRED, OWN, *war, PINNED)]),
        is_new=np.isin(catalogue, new),
        **{
            "embeddings": np.zeros((MOVIES, 1)),
            "diversity": 0.0,
            "exploration_share": 0.0,
            "seed": 1,
            **more,
        },
    )
    of_users = [[2, 4, 5], *[[2, 3, 4, 5]] * (SILENT - 1)]
    users = UserRules(
        np.arange(1, SILENT + 1),
        np.cumsum([0, *map(len, of_users)]),
        np.concatenate(of_users),
        np.array([0, 0, *[1] * (SILENT - 1)]),
        np.array([HELD]),
        np.array([2, 3, 4, 5]),
    )
    return {**under(RULES, rules), **under(FOR_USERS, users)}


def service_content(id_type="int", seed=3, rules=None):
    """Return a content to publish, and the ratings that it was made of.

    The stored lists are made without rules, which are a function of the catalogue.
    """
    frame = ratings(seed)
    graded = preferences(frame)
    learnt = preferences_from(graded, np.arange(100, 100 + MOVIES))
    model, stars = ranker(learnt), predictor()
    likes = graded[graded["is_like"]]
    by_segment = segment_popularity(
        segment_likes(likes, people()),
        people()[people()["user_id"] == SILENT],
        learnt.catalogue,
        learnt.like_counts,
        5.0,
    )
    arrays = {
        "predictor": stars.to_arrays(),
        "ranker": {
            **model.to_arrays(),
            **{f"preference.{key}": one for key, one in flattened(SCALE).items()},
            **{f"segment.{key}": one for key, one in flattened(by_segment).items()},
        },
        "histories": history_arrays(frame),
    }
    if rules:
        arrays["rules"] = rules(learnt.catalogue)
    history = history_of(histories(graded), learnt.catalogue)
    rows = made_lists(model, history, by_segment, LISTED)
    rows["predicted_rating"], _ = predict_ratings(
        stars, rows["user_id"].to_numpy(), rows["movie_id"].to_numpy()
    )
    version = arrays_sha256(arrays["predictor"], arrays["ranker"])[:12]
    return content_of(rows, likes, arrays, id_type, version), frame


def title_of(key):
    return f"Film {key}"


def genres_of(key):
    return [GENRES[key % 3], GENRES[(key + 1) % 3]] if key % 2 else [GENRES[key % 3]]


def content_of(rows, likes, arrays, id_type, version):
    public, kind = IDS[id_type]
    keys = range(100, 100 + MOVIES)
    counts = likes.groupby("movie_id").size()
    movies = pa.table(
        {
            "movie_id": pa.array([public(key) for key in keys], kind),
            "title": [title_of(key) for key in keys],
            "release_year": pa.array(
                [1970 + key - 100 if key % 7 else None for key in keys], pa.int32()
            ),
            "rating_count": [9] * MOVIES,
            "like_count": [int(counts.get(key, 0)) for key in keys],
            "rating_mean": [3.5] * MOVIES,
            "genres": ["|".join(genres_of(key)) for key in keys],
        }
    )
    like_count = [int(counts.get(key, 0)) for key in rows["movie_id"]]
    words = [
        reason_in_words(
            row.source,
            [title_of(key) for key in row.reason_movie_ids],
            not np.isnan(row.score_constant),
            count,
            USUAL,
            "blend",
        )
        for row, count in zip(rows.itertuples(), like_count, strict=True)
    ]
    lists = pa.table(
        {
            "user_id": pa.array([public(key) for key in rows["user_id"]], kind),
            "rank": pa.array(rows["rank"], pa.int32()),
            "movie_id": pa.array([public(key) for key in rows["movie_id"]], kind),
            "title": [title_of(key) for key in rows["movie_id"]],
            "score": rows["score"],
            "predicted_rating": rows["predicted_rating"],
            "reason": words,
            "reason_movie_ids": pa.array(
                [[public(key) for key in keys] for keys in rows["reason_movie_ids"]],
                pa.list_(kind),
            ),
            "reason_contributions": pa.array(
                [list(one) for one in rows["reason_contributions"]],
                pa.list_(pa.float64()),
            ),
            "other_contributions": pa.array(
                rows["other_contributions"], from_pandas=True
            ),
            "score_constant": pa.array(rows["score_constant"], from_pandas=True),
            "source": rows["source"],
            "model_version": [version] * len(rows),
            "generated_at": pa.array(
                [pd.Timestamp("2026-01-01 02:03:04")] * len(rows), pa.timestamp("us")
            ),
        }
    )
    similar = pa.table(
        {
            "movie_id": pa.array([public(100), public(100)], kind),
            "rank": pa.array([1, 2], pa.int32()),
            "similar_movie_id": pa.array([public(103), public(101)], kind),
            "similarity": [0.5, 0.25],
            "collaborative_similarity": pa.array([0.5, None], pa.float64()),
            "content_similarity": pa.array([None, 0.5], pa.float64()),
            "collaborative_weight": [1.0, 0.0],
        }
    )
    popular = pa.table(
        {
            "genre": ["all", "all", "Crime"],
            "age_band": ["all", "all", "25-34"],
            "gender": ["all", "all", "F"],
            "rank": pa.array([1, 2, 1], pa.int32()),
            "movie_id": pa.array([public(101), public(102), public(102)], kind),
            "like_count": [4, 3, 2],
        }
    )
    dictionary = {}
    if id_type != "int":
        users = range(1, SILENT + 1)
        dictionary = {
            entity: pa.table(
                {
                    f"{entity}_id": pa.array([public(key) for key in there], kind),
                    f"{entity}_key": pa.array(list(there), pa.int64()),
                }
            ).sort_by(f"{entity}_id")
            for entity, there in (("user", users), ("movie", keys))
        }
    return Content(lists, similar, movies, arrays, dictionary, popular)


def about(**parameters):
    own = {"recommender.ranker": "blend", **parameters}
    return replace(ABOUT, parameters=own)


def publish_service(exports, id_type="int", seed=3, rules=None, **parameters):
    """Publish a version, and return its name and the ratings that it was made of."""
    content, frame = service_content(id_type, seed, rules)
    publish(content, exports, about(**parameters))
    return current_version(exports), frame
