"""Whether the ratings are fit to learn from, by Great Expectations."""

from pathlib import Path

from cinespark.check.results import keep_results
from cinespark.check.suites import check


def model(dbt, session):
    profile = dbt.ref("int_rating_profile")
    ratings = dbt.ref("fct_ratings")
    dbt.ref("data_quality_results")  # is there before its rows
    rules = dbt.config.meta_get("rules")
    invocation_id = session.conf.get("spark.sparksession.invocation_id")
    results = check(profile, rules, "ratings", ratings, invocation_id)
    table = f"{dbt.this.schema}.data_quality_results"
    state = session.conf.get("spark.sparksession.state_dir")
    folder = Path(state, "quality", dbt.this.schema)
    return keep_results(results, session, table, folder)
