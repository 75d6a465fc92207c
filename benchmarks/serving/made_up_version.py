"""A published version of any size, of numbers by chance: nothing is learnt for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.ease import Ease
from cinespark.algorithms.flattened import flattened
from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.algorithms.preference_scale import PreferenceScale
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    RankerModel,
)
from cinespark.algorithms.segments import ATTRIBUTES, SegmentPopularity
from cinespark.publish.content import Content
from cinespark.publish.publish import publish
from cinespark.versions.manifest import About, Dataset

FACTORS = 64
RATED = 20  # movies of each user
NEIGHBOURS = 200  # movies that co-occurrence knows of each
GENRES = np.array(["Action", "Comedy", "Crime", "Drama", "Thriller", "War"])
REASON = "because you liked Film {} and Film {}"


def publish_made_up(exports: Path, users: int, movies: int, listed: int) -> None:
    """Publish a version with a list of so many places for each user."""
    rng = np.random.default_rng(1)
    arrays = {
        "predictor": predictor(rng, users, movies).to_arrays(),
        "ranker": ranker(rng, movies),
        "histories": histories(rng, users, movies),
    }
    about = About(
        dataset=Dataset("made up", "made up", "none", "0" * 64),
        counts={"users": users, "movies": movies},
        parameters={"recommender.ranker": "blend", "recommender.top_n": str(listed)},
        metrics={},
        checks=(),
        model_version="made-up",
        run_id="made-up",
        invocation_id="made-up",
        git_commit="0" * 40,
    )
    content = Content(
        lists(rng, users, movies, listed),
        neighbours(rng, movies),
        catalogue(rng, movies),
        arrays,
    )
    publish(content, exports, replace(about))


def lists(rng: np.random.Generator, users: int, movies: int, listed: int) -> pa.Table:
    """Return rows of the table `recommendations`, for users from 1."""
    size = users * listed
    first = rng.integers(movies, size=(users, 1))
    step = rng.integers(1, movies // listed, size=(users, 1))
    movie_ids = ((first + step * np.arange(listed)) % movies + 1).ravel()
    reasons = [REASON.format(one, one + 1) for one in range(1, movies + 1)]
    titles = np.array([f"Film number {one}" for one in range(1, movies + 1)])
    pairs = np.arange(0, 2 * size + 1, 2, dtype=np.int32)
    return pa.table(
        {
            "user_id": pa.array(np.repeat(np.arange(1, users + 1), listed), pa.int32()),
            "rank": pa.array(np.tile(np.arange(1, listed + 1), users), pa.int32()),
            "movie_id": pa.array(movie_ids, pa.int32()),
            "title": titles[movie_ids - 1],
            "score": -np.sort(-rng.random((users, listed)), axis=1).ravel(),
            "predicted_rating": rng.uniform(1, 5, size),
            "reason": np.array(reasons)[movie_ids - 1],
            "reason_movie_ids": pa.ListArray.from_arrays(
                pairs, pa.array(rng.integers(1, movies + 1, 2 * size), pa.int32())
            ),
            "reason_contributions": pa.ListArray.from_arrays(
                pairs, pa.array(rng.random(2 * size))
            ),
            "other_contributions": rng.random(size),
            "score_constant": rng.random(size),
            "source": pa.array(["personal"] * size),
            "model_version": pa.array(["made-up"] * size),
            "generated_at": pa.array([0] * size, pa.timestamp("us")),
        }
    )


def catalogue(rng: np.random.Generator, movies: int) -> pa.Table:
    pairs = rng.choice(GENRES, (movies, 2))
    return pa.table(
        {
            "movie_id": pa.array(np.arange(1, movies + 1), pa.int32()),
            "title": [f"Film number {one}" for one in range(1, movies + 1)],
            "release_year": pa.array(rng.integers(1930, 2025, movies), pa.int32()),
            "rating_count": [9] * movies,
            "like_count": rng.integers(1, 1000, movies),
            "rating_mean": rng.uniform(1, 5, movies),
            "genres": ["|".join(sorted(set(pair))) for pair in pairs.tolist()],
        }
    )


def neighbours(rng: np.random.Generator, movies: int) -> pa.Table:
    """Return ten neighbours of each movie."""
    each = np.repeat(np.arange(movies), 10)
    ranks = np.tile(np.arange(1, 11), movies)
    return pa.table(
        {
            "movie_id": pa.array(each + 1, pa.int32()),
            "rank": pa.array(ranks, pa.int32()),
            "similar_movie_id": pa.array((each + ranks) % movies + 1, pa.int32()),
            "similarity": 1 / (1 + ranks),
            "collaborative_similarity": 1 / (1 + ranks),
            "content_similarity": 1 / (1 + ranks),
            "collaborative_weight": np.ones(len(each)),
        }
    )


def ranker(rng: np.random.Generator, movies: int) -> Arrays:
    """Return the arrays of a blend of three parts."""
    vectors = rng.normal(size=(movies, FACTORS)).astype(np.float32).astype(np.float64)
    inverse = rng.normal(scale=0.01, size=(movies, movies)).astype(np.float32)
    inverse[np.diag_indices(movies)] = 1
    starts = np.arange(0, movies * NEIGHBOURS + 1, NEIGHBOURS)
    step = max(1, movies // NEIGHBOURS)
    near = (np.arange(NEIGHBOURS) * step + np.arange(movies)[:, None]) % movies
    values = rng.random(movies * NEIGHBOURS).astype(np.float32)
    shape = movies, movies
    close = sparse.csr_array((values, np.sort(near, axis=1).ravel(), starts), shape)
    model = RankerModel(
        np.arange(1, movies + 1),
        np.ones(movies, np.bool_),
        (
            (1.0, FoldedIn(vectors, vectors.T @ vectors, 5.0, 0.1, 0.1)),
            (0.5, AskedEase(Ease(inverse.diagonal().copy(), 1.0, inverse), 0.3, 0.1)),
            (0.5, CoOccurrence(close)),
        ),
    )
    by_segment = SegmentPopularity(
        np.zeros(0, np.int64),
        np.zeros((0, len(ATTRIBUTES)), np.int64),
        np.log(np.full(movies, 1 / movies)),
        np.zeros((1, movies)),
    )
    scale = PreferenceScale(1.0, 5.0, 1.5)
    return {
        **model.to_arrays(),
        **{f"preference.{key}": one for key, one in flattened(scale).items()},
        **{f"segment.{key}": one for key, one in flattened(by_segment).items()},
    }


def predictor(rng: np.random.Generator, users: int, movies: int) -> PredictorModel:
    def terms(size: int) -> Terms:
        vectors = rng.normal(scale=0.1, size=(size + 1, FACTORS)).astype(np.float32)
        counts = np.append(np.full(size, RATED), 0).astype(np.int32)
        bias = rng.normal(scale=0.2, size=size + 1)
        return Terms(np.arange(1, size + 1), bias, counts, vectors)

    return PredictorModel((1.0, 5.0), 3.5, terms(users), terms(movies))


def histories(rng: np.random.Generator, users: int, movies: int) -> Arrays:
    """Return what each user has rated."""
    first = rng.integers(movies, size=(users, 1))
    movie_ids = (first + 7 * np.arange(RATED)) % movies + 1
    size = users * RATED
    return {
        "user_ids": np.arange(1, users + 1),
        "starts": np.arange(0, size + 1, RATED),
        "movie_ids": np.sort(movie_ids, axis=1).ravel(),
        "ratings": rng.integers(1, 6, size).astype(np.float32),
        "rated_at": np.tile(np.arange(RATED), users),
    }
