"""The made-up data set: exact, the same for a seed, long-tailed and learnable."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinespark.data import landing, sample
from cinespark.data.bring import bring
from cinespark.data.sample import write_sample
from cinespark.data.sample_entities import share_out
from cinespark.data.sample_params import SampleParams
from cinespark.errors import CineSparkError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("sample")
    write_sample(SampleParams(), made)
    return made


@pytest.fixture(scope="module")
def ratings(folder):
    return pd.read_csv(folder / "ratings.csv")


@pytest.fixture(scope="module")
def movies(folder):
    return pd.read_csv(folder / "movies.csv")


@pytest.fixture(scope="module")
def users(folder):
    return pd.read_csv(folder / "users.csv", dtype={"zip": str})


def test_it_is_as_large_as_asked(ratings, movies, users):
    assert (len(users), len(movies), len(ratings)) == (600, 1_000, 40_000)


def test_no_user_rates_a_movie_twice(ratings):
    assert not ratings.duplicated(["userId", "movieId"]).any()


def test_every_user_rates_and_every_rated_movie_is_known(ratings, movies, users):
    assert set(ratings.userId) == set(users.userId)
    assert set(ratings.movieId) <= set(movies.movieId)
    assert ratings.userId.value_counts().min() >= 5


def test_ratings_are_half_stars_after_the_movies_came_out(ratings, movies):
    assert set(ratings.rating) <= {half / 2 for half in range(1, 11)}
    assert ratings.timestamp.between(946_684_800, 2**31 - 1).all()
    assert movies.title.str.extract(r"\((\d{4})\)$")[0].astype(int).max() < 2000


def test_times_of_a_user_grow_by_sessions(ratings):
    steps = ratings.groupby("userId").timestamp.diff().dropna()
    assert (steps > 0).all()
    assert (steps < 60).mean() > 0.9
    assert (steps > 86_400).any()


def test_titles_are_unique_and_some_have_their_article_behind(movies):
    assert movies.title.is_unique
    moved = movies.title.str.contains(r", (?:The|A) \(\d{4}\)$").mean()
    assert 0.1 < moved < 0.4


def test_ids_have_gaps_and_fit_in_32_bits(movies):
    assert movies.movieId.iloc[0] == 1
    assert movies.movieId.is_monotonic_increasing
    assert movies.movieId.max() > len(movies)


def test_people_have_ages_genders_and_zips(users):
    assert users.age.between(15, 80).all()
    assert set(users.gender) == {"F", "M"}
    assert users.zip.str.fullmatch(r"\d{5}").all()


def test_activity_and_popularity_have_long_tails(ratings):
    by_movie = ratings.movieId.value_counts()
    assert by_movie.head(100).sum() > 0.3 * len(ratings)
    assert by_movie.median() < 0.7 * by_movie.mean()
    by_user = ratings.userId.value_counts()
    assert by_user.median() < 0.8 * by_user.mean()


def test_links_are_left_to_the_header(folder):
    assert not (folder / "links.csv").exists()


def test_factors_predict_hidden_ratings_better_than_biases(ratings):
    rng = np.random.default_rng(0)
    hidden = rng.random(len(ratings)) < 0.2
    user = ratings.userId.factorize()[0]
    movie = ratings.movieId.factorize()[0]
    stars = ratings.rating.to_numpy()
    known = ~hidden
    mean = stars[known].mean()
    of_user, of_movie = np.zeros(user.max() + 1), np.zeros(movie.max() + 1)
    for _ in range(10):
        of_user = shrunk_means(user, stars - mean - of_movie[movie], known)
        of_movie = shrunk_means(movie, stars - mean - of_user[user], known)
    rest = stars - mean - of_user[user] - of_movie[movie]
    by_biases = np.sqrt(np.mean(rest[hidden] ** 2))
    left = rng.standard_normal((user.max() + 1, 5)) * 0.1
    right = rng.standard_normal((movie.max() + 1, 5)) * 0.1
    for _ in range(10):
        left = ridge_rows(left.shape, user, right[movie], rest, known)
        right = ridge_rows(right.shape, movie, left[user], rest, known)
    errors = rest - (left[user] * right[movie]).sum(axis=1)
    by_factors = np.sqrt(np.mean(errors[hidden] ** 2))
    assert by_factors < 0.9 * by_biases


def shrunk_means(group, values, known):
    sums = np.bincount(group[known], values[known], group.max() + 1)
    return sums / (np.bincount(group[known], minlength=group.max() + 1) + 5)


def ridge_rows(shape, group, features, values, known):
    rows = np.zeros(shape)
    for one in range(shape[0]):
        mine = known & (group == one)
        matrix = features[mine].T @ features[mine] + 3 * np.eye(shape[1])
        rows[one] = np.linalg.solve(matrix, features[mine].T @ values[mine])
    return rows


def test_people_of_one_age_and_gender_are_alike_in_taste(ratings, movies, users):
    wide = ratings.merge(movies, on="movieId").merge(users, on="userId")
    wide["rest"] = wide.rating - wide.groupby("movieId").rating.transform("mean")
    wide["rest"] -= wide.groupby("userId").rest.transform("mean")
    wide["group"] = wide.gender + (wide.age // 15).astype(str)
    wide["genre"] = wide.genres.str.split("|").str[0]
    between = wide.groupby(["group", "genre"]).rest.mean().std()
    shuffled = wide.assign(group=np.random.default_rng(0).permutation(wide.group))
    by_chance = shuffled.groupby(["group", "genre"]).rest.mean().std()
    assert between > 1.3 * by_chance


def sums_of(folder, params):
    folder.mkdir()
    write_sample(params, folder)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
    }


def test_one_seed_makes_one_data_set(tmp_path):
    params = SampleParams(users=50, movies=60, ratings=900, seed=7)
    one, same = sums_of(tmp_path / "a", params), sums_of(tmp_path / "b", params)
    other = sums_of(tmp_path / "c", SampleParams(50, 60, 900, seed=8))
    assert one == same
    assert all(one[file] != other[file] for file in one)


def test_blocks_of_users_are_put_together_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(sample, "CELLS_PER_BLOCK", 7 * 60)
    write_sample(SampleParams(users=50, movies=60, ratings=900), tmp_path)
    ratings = pd.read_csv(tmp_path / "ratings.csv")
    assert len(ratings) == 900
    assert ratings.userId.is_monotonic_increasing
    assert ratings.userId.nunique() == 50
    assert not ratings.duplicated(["userId", "movieId"]).any()


@pytest.mark.parametrize(
    "params",
    [SampleParams(4, 5, 20), SampleParams(1, 5, 5), SampleParams(3, 7, 21)],
)
def test_the_fullest_and_the_thinnest_can_be_made(tmp_path, params):
    write_sample(params, tmp_path)
    ratings = pd.read_csv(tmp_path / "ratings.csv")
    assert len(ratings.drop_duplicates(["userId", "movieId"])) == params.ratings


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (SampleParams(10, 10, 101), "ask for 50 .5 per user. to 100"),
        (SampleParams(10, 10, 49), "ask for 50 .5 per user. to 100"),
        (SampleParams(0, 10, 50), "give at least 1 user"),
        (SampleParams(10, 4, 50), "give at least 1 user, 5 movies"),
        (SampleParams(seed=-1), "a seed of 0 or more"),
        (SampleParams(10, 10**9, 50), "ids have 32 bits"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, params, expected):
    with pytest.raises(CineSparkError, match=expected):
        bring("sample", tmp_path, lambda _: None, sample=params)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_the_same_sample_is_not_made_again(tmp_path):
    params = SampleParams(users=5, movies=9, ratings=30, seed=2)
    first = bring("sample", tmp_path, lambda _: None, sample=params)
    inode = (tmp_path / "sample").stat().st_ino
    assert first.about.source == (
        "cinespark data sample --users 5 --movies 9 --ratings 30 --seed 2"
    )
    assert landing.read_whole(tmp_path / "current") == first
    assert bring("sample", tmp_path, lambda _: None, sample=params) == first
    assert (tmp_path / "sample").stat().st_ino == inode
    larger = bring(
        "sample", tmp_path, lambda _: None, sample=SampleParams(5, 9, 31, seed=2)
    )
    assert larger.rows("ratings.csv") == 31


@given(
    weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=30),
    share=st.floats(0, 1),
)
def test_shares_add_up_within_their_bounds(weights, share):
    fewest, most = 5, 12
    total = round(len(weights) * (fewest + share * (most - fewest)))
    counts = share_out(np.array(weights), total, fewest, most)
    assert counts.sum() == total
    assert counts.min() >= fewest
    assert counts.max() <= most
