"""Whether the candidates are fit to publish, by Great Expectations."""

from pathlib import Path

from cinespark.check.list_overlap import with_published_overlap
from cinespark.check.results import results_table
from cinespark.check.suites import check
from cinespark.spark_tables import exports_of_build
from cinespark.vocabulary import vocabulary_of


def model(dbt, session):
    profile = dbt.ref("int_recommendation_profile")
    candidates = dbt.ref("int_candidate_recommendations")
    exports = exports_of_build(session, dbt.config.meta_get("exports"))
    profile = with_published_overlap(profile, candidates, exports)
    rules = dbt.config.meta_get("rules")
    invocation_id = session.conf.get("spark.sparksession.invocation_id")
    words = vocabulary_of(dbt.config.meta_get("vocabulary"))
    results = check(
        profile, rules, "recommendations", [candidates], invocation_id, words
    )
    state = session.conf.get("spark.sparksession.state_dir")
    folder = Path(state, "quality", dbt.this.schema)
    return results_table(results, session, folder)
