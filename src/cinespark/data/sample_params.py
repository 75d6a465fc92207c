"""The parameters of a made-up data set, and their limits."""

from dataclasses import dataclass

from cinespark.errors import CineSparkError
from cinespark.names import INT32_MAX

FEWEST_RATINGS = 5


@dataclass(frozen=True)
class SampleParams:
    """How much to make up; the same parameters make the same bytes."""

    users: int = 600
    movies: int = 1_000
    ratings: int = 40_000
    seed: int = 1

    @property
    def command(self) -> str:
        return (
            f"cinespark data sample --users {self.users} --movies {self.movies} "
            f"--ratings {self.ratings} --seed {self.seed}"
        )


def check_params(params: SampleParams) -> None:
    """Raise if no data set can have these parameters."""
    users, movies, ratings = params.users, params.movies, params.ratings
    if users < 1 or movies < FEWEST_RATINGS or params.seed < 0:
        raise CineSparkError(
            f"{users:,} users, {movies:,} movies and seed {params.seed} make no "
            f"sample: give at least 1 user, {FEWEST_RATINGS} movies and a seed "
            "of 0 or more"
        )
    if max(users, 3 * movies) > INT32_MAX:
        raise CineSparkError(
            f"{users:,} users or {movies:,} movies are too many: ids have 32 bits"
        )
    fewest, most = FEWEST_RATINGS * users, users * movies
    if not fewest <= ratings <= most:
        raise CineSparkError(
            f"{ratings:,} ratings do not fit {users:,} users and {movies:,} movies: "
            f"ask for {fewest:,} ({FEWEST_RATINGS} per user) to {most:,} (every user "
            "rates every movie), or change --users or --movies"
        )
