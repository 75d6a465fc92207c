"""The ranker of the published lists: a file of arrays, and a row that names it."""

from cinespark.train.collect import factors_of, preferences_of
from cinespark.train.declarations import RankerInput
from cinespark.train.ranker_file import ranker_table
from cinespark.train.rankers import chosen_blend, fit_ranker
from cinespark.train.sample import learning_share
from cinespark.train.segments import segments_for_new_users
from cinespark.train.training_sums import ranker_training_sums


def model(dbt, session):
    preferences = dbt.ref("int_preferences").where("subset = 'all'")
    item_factors = dbt.ref("item_factors").where("subset = 'all'")
    content = dbt.ref("movie_content")
    users, movies = dbt.ref("int_users"), dbt.ref("int_movies")
    blend = chosen_blend(dbt.ref("blend_validation").toPandas())
    name = dbt.config.meta_get("ranker")
    parameters = dbt.config.meta_get("parameters")
    share = learning_share(preferences, parameters["learning"]["ratings"])
    learnt = preferences_of(preferences, movies, share)
    factors = factors_of(item_factors)
    given = RankerInput(learnt, factors, blend, parameters, preferences, content)
    ranker = fit_ranker(name, given)
    shrinkage = dbt.config.meta_get("segment_shrinkage")
    by_segment = segments_for_new_users(preferences, users, learnt, shrinkage)
    scale = dbt.config.meta_get("preference")
    learnt_from = preferences, item_factors, content
    sums = ranker_training_sums([name], parameters, blend, *learnt_from)
    schema = dbt.this.schema
    return ranker_table(name, ranker, by_segment, scale, sums[name], session, schema)
