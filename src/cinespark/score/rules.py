"""The rules of lists as a table, and as what the making of lists takes."""

from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.flattened import flattened, under
from cinespark.algorithms.list_rules import ListRules
from cinespark.algorithms.preferences import places_of
from cinespark.algorithms.ratings import Ids
from cinespark.algorithms.user_rules import RULES, USERS, UserRules
from cinespark.score.read_rules import KnownValues, read_rules
from cinespark.spark_tables import table_of
from cinespark.train.collect import collected
from cinespark.train.content import content_arrays, rows_of_movies

RULES_SCHEMA = (
    "line int, scope string, condition string, effect string, amount double, "
    "ages array<string>, genders array<string>, occupations array<string>, "
    "user_ids array<string>, movie_ids array<string>, genres array<string>, "
    "franchises array<string>, each_of string, year_from int, year_to int, "
    "ratings_from int, ratings_to int, shown_days int"
)
# how results call the published ranker where its lists are made by rules, too
WITH_RULES = "with_rules"
MATCH_BYTES = 150  # a movie that a rule is for
COUNT_BYTES = 16
USER_BYTES = 400  # a user's lines, and movies that were shown


def list_rules(
    path: Path, users: DataFrame, movies: DataFrame, top_n: int, with_demographics: bool
) -> DataFrame:
    """Return one row per rule of a file, in the columns of RULES_SCHEMA.

    Parameters
    ----------
    users, movies
        `int_users` and `int_movies`: what rules can name.
    top_n, with_demographics
        The vars `top_n` and `demographics`.

    Raises
    ------
    CineSparkError
        If the file cannot be read, or a line is no rule for these data.
    """
    values = {
        "genres": distinct(movies.select(F.explode("genres"))),
        "ages": distinct(users.select("age_band")),
        "genders": distinct(users.select("gender")),
        "occupations": distinct(users.select("occupation")),
    }
    rules = read_rules(path, KnownValues(values, top_n, with_demographics))
    return table_of(users.sparkSession, [*map(astuple, rules)], RULES_SCHEMA)


def distinct(rows: DataFrame) -> list[str]:
    """Return the values of the only column, without null."""
    return [str(row[0]) for row in rows.distinct().collect() if row[0] is not None]


def rules_for_lists(
    matches: DataFrame,
    preferences: DataFrame,
    catalogue: Ids,
    content: DataFrame,
    settings: Mapping[str, Any],
) -> ListRules | None:
    """Return what lists are made by besides scores, None if that is nothing.

    Parameters
    ----------
    matches
        Rows of `int_rule_movies`; none are read where the var `rules` is empty.
    preferences
        Rows of `int_preferences` of one subset: a movie is new that has few in it.
    catalogue
        Ids of the movies, in the order of their positions.
    content
        Rows of `movie_content`.
    settings
        The vars `rules`, `exploration_share`, `exploration_max_ratings`, `diversity`
        and `seed`.
    """
    share, diversity = settings["exploration_share"], settings["diversity"]
    if not settings["rules"] and not share and not diversity:
        return None
    columns = ["line", "effect", "amount", "quota_group", "movie_id"]
    said = collected(matches.select(*columns), MATCH_BYTES, "movies of rules")
    frame = said.sort_values(columns)
    place, is_there = places_of(frame["movie_id"].to_numpy(np.int64), catalogue)
    frame = frame[is_there]
    counted = preferences.groupBy("movie_id").agg(F.count("*").alias("ratings"))
    counts = collected(counted, COUNT_BYTES, "movies").set_index("movie_id")["ratings"]
    of_catalogue = counts.reindex(catalogue, fill_value=0).to_numpy()
    arrays = content_arrays(content)
    return ListRules(
        lines=frame["line"].to_numpy(np.int64),
        effects=frame["effect"].to_numpy(str),
        amounts=frame["amount"].to_numpy(np.float64),
        groups=frame["quota_group"].to_numpy(str),
        places=place[is_there].astype(np.int64),
        is_new=of_catalogue <= settings["exploration_max_ratings"],
        embeddings=rows_of_movies(arrays["embeddings"], arrays["movie_ids"], catalogue),
        diversity=diversity,
        exploration_share=share,
        seed=settings["seed"],
    )


def rules_arrays(rules: ListRules | None) -> Arrays:
    """Return rules as arrays by name, none where nothing but scores makes lists."""
    return flattened(rules) if rules else {}


def published_rules(
    rules: ListRules | None, matches: DataFrame, histories: DataFrame
) -> dict[str, Arrays]:
    """Return what makes lists besides the models, for who asks later: 'rules' or none.

    Parameters
    ----------
    rules
        As `rules_for_lists` returns them.
    matches, histories
        Rows of `int_rule_movies` and `int_user_histories`.
    """
    if rules is None:
        return {}
    strangers = matches.where("is_for_strangers").select("line").distinct()
    columns = ["user_id", "rule_lines", "held_back_movie_ids"]
    users = collected(histories.select(*columns), USER_BYTES, "rules of users")
    users = users.sort_values("user_id")
    own = UserRules(
        users["user_id"].to_numpy(np.int64),
        *in_one_row(users["rule_lines"]),
        *in_one_row(users["held_back_movie_ids"]),
        np.array(sorted(row.line for row in strangers.collect()), np.int64),
    )
    return {"rules": {**under(RULES, rules), **under(USERS, own)}}


def in_one_row(lists: "pd.Series[Any]") -> tuple[Ids, Ids]:
    """Return where lists of numbers start, and end, in all of them after each other."""
    lengths = [0, *(len(one) for one in lists)]
    values = [np.asarray(one, np.int64) for one in lists]
    return np.cumsum(lengths), np.concatenate([np.zeros(0, np.int64), *values])
