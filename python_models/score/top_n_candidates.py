"""Each user's N best movies not rated yet, filled up by what is popular."""

from pyspark.sql import functions as F

from cinespark.algorithms.arrays import arrays_sha256
from cinespark.score.predictions import with_predictions
from cinespark.score.rules import rules_for_lists
from cinespark.score.top_n import top_n
from cinespark.train.collect import factors_of, predictor_rows, preferences_of
from cinespark.train.declarations import RankerInput
from cinespark.train.model_tables import fold_in_arrays, predictor_of
from cinespark.train.rankers import chosen_blend, fit_ranker
from cinespark.train.sample import learning_share
from cinespark.train.segments import segments_for_new_users
from cinespark.train.training_sums import ranker_training_sums


def model(dbt, session):
    preferences = dbt.ref("int_preferences").where("subset = 'all'")
    histories = dbt.ref("int_user_histories").where("subset = 'all'")
    item_factors = dbt.ref("item_factors").where("subset = 'all'")
    factors = factors_of(item_factors)
    blend = chosen_blend(dbt.ref("blend_validation").toPandas())
    predictor = predictor_of(predictor_rows(dbt.ref("predictor")))
    parameters = dbt.config.meta_get("parameters")
    share = learning_share(preferences, parameters["learning"]["ratings"])
    learnt = preferences_of(preferences, dbt.ref("int_movies"), share)
    name = dbt.config.meta_get("ranker")
    content = dbt.ref("movie_content")
    given = RankerInput(learnt, factors, blend, parameters, preferences, content)
    ranker = fit_ranker(name, given)
    fold_in = fold_in_arrays(factors, blend, parameters)
    version = arrays_sha256(predictor.to_arrays(), fold_in)[:12]
    shrinkage = dbt.config.meta_get("segment_shrinkage")
    users = dbt.ref("int_users")
    by_segment = segments_for_new_users(preferences, users, learnt, shrinkage)
    n = dbt.config.meta_get("n")
    settings = dbt.config.meta_get("lists")
    matches = dbt.ref("int_rule_movies")
    rules = rules_for_lists(matches, preferences, learnt.catalogue, content, settings)
    asked = {"by_segment": by_segment, "with_reasons": True, "rules": {name: rules}}
    lists = top_n({name: ranker}, histories, n, **asked).drop("model")
    predicted = with_predictions(lists, {name: predictor}).drop("is_cold", "model")
    learnt_from = preferences, item_factors, content
    sums = ranker_training_sums([name], parameters, blend, *learnt_from)
    return predicted.withColumns(
        {"model_version": F.lit(version), "training_sha256": F.lit(sums[name])}
    )
