"""Each user's N best movies not rated yet, filled up by what is popular."""

from pyspark.sql import functions as F

from cinespark.algorithms.arrays import arrays_sha256
from cinespark.algorithms.ranker_arrays import whole_ranker
from cinespark.score.predictions import with_predictions
from cinespark.score.rules import rules_arrays, rules_for_lists
from cinespark.score.top_n import top_n
from cinespark.train.collect import predictor_rows
from cinespark.train.model_tables import predictor_of
from cinespark.train.ranker_file import learnt_ranker


def model(dbt, session):
    histories = dbt.ref("int_user_histories").where("subset = 'all'")
    predictor = predictor_of(predictor_rows(dbt.ref("predictor")))
    learnt = learnt_ranker(dbt.ref("ranker"))
    ranker = whole_ranker(learnt.arrays)
    name = dbt.config.meta_get("ranker")
    n = dbt.config.meta_get("n")
    settings = dbt.config.meta_get("lists")
    preferences = dbt.ref("int_preferences").where("subset = 'all'")
    matches, content = dbt.ref("int_rule_movies"), dbt.ref("movie_content")
    catalogue = ranker.model.catalogue
    rules = rules_for_lists(matches, preferences, catalogue, content, settings)
    arrays = predictor.to_arrays(), learnt.arrays, rules_arrays(rules)
    version = arrays_sha256(*arrays)[:12]
    asked = {"by_segment": ranker.by_segment, "with_reasons": True}
    asked["rules"] = {name: rules}
    lists = top_n({name: ranker.model}, histories, n, **asked).drop("model")
    predicted = with_predictions(lists, {name: predictor}).drop("is_cold", "model")
    return predicted.withColumns(
        {
            "model_version": F.lit(version),
            "training_sha256": F.lit(learnt.training_sha256),
        }
    )
