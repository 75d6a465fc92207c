"""Which settings and weights of the ranker's parts do best on the validation rows."""

from cinespark.train.blend_search import BlendGrid, validate_blend
from cinespark.train.collect import (
    PREFERENCE_BYTES,
    collected,
    factors_of,
    preferences_of,
)


def model(dbt, session):
    preferences = dbt.ref("int_preferences")
    factors = dbt.ref("item_factors").where("subset = 'fit'")
    movies = dbt.ref("accepted_movies")
    hidden = preferences.where("subset = 'validation' and is_like")
    fitted = preferences_of(preferences.where("subset = 'fit'"), movies)
    grid = BlendGrid(**dbt.config.meta_get("grid"))
    parameters = dbt.config.meta_get("parameters")
    liked = collected(hidden, PREFERENCE_BYTES, "hidden likes")
    vectors = factors_of(factors)
    tried = validate_blend(fitted, liked, vectors, parameters, grid, session)
    return session.createDataFrame(tried)
