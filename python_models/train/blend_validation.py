"""Which settings and weights of the ranker's parts do best on the validation rows."""

from cinespark.train.blend_search import BLEND_SCHEMA, BlendGrid, validate_blend
from cinespark.train.collect import (
    PREFERENCE_BYTES,
    collected,
    factors_of,
    preferences_of,
)
from cinespark.train.sample import learning_share, sample_of


def model(dbt, session):
    preferences = dbt.ref("int_preferences")
    factors = dbt.ref("item_factors").where("subset = 'fit'")
    movies = dbt.ref("int_movies")
    parameters = dbt.config.meta_get("parameters")
    shown = preferences.where("subset = 'fit'")
    share = learning_share(shown, parameters["learning"]["ratings"])
    hidden = preferences.where("subset = 'validation' and is_like")
    hidden = sample_of(hidden, share)
    fitted = preferences_of(shown, movies, share)
    grid = BlendGrid(**dbt.config.meta_get("grid"))
    liked = collected(hidden, PREFERENCE_BYTES, "hidden likes")
    vectors = factors_of(factors)
    tried = validate_blend(fitted, liked, vectors, parameters, grid, shown)
    return session.createDataFrame(tried, BLEND_SCHEMA)
