"""Which settings and weights of the ranker's parts do best on the validation rows."""

from cinespark.algorithms.preferences import preferences_of
from cinespark.train.blend_search import BlendGrid, validate_blend


def model(dbt, session):
    preferences = dbt.ref("int_preferences")
    factors = dbt.ref("item_factors").where("subset = 'fit'")
    movies = dbt.ref("accepted_movies")
    hidden = preferences.where("subset = 'validation' and is_like")
    fitted = preferences_of(preferences.where("subset = 'fit'"), movies)
    grid = BlendGrid(**dbt.config.meta_get("grid"))
    parameters = dbt.config.meta_get("parameters")
    tried = validate_blend(
        fitted, hidden.toPandas(), factors.toPandas(), parameters, grid, session
    )
    return session.createDataFrame(tried)
