"""The gate of publishing: the candidates, once every critical check has passed."""

from pathlib import Path

from cinespark.check.gates import require_passed


def model(dbt, session):
    candidates = dbt.ref("int_candidate_recommendations")
    results = dbt.ref("recommendation_checks")
    dbt.ref("recommendation_check_history")  # keeps them, whatever they say
    root = session.conf.get("spark.sparksession.project_root")
    require_passed(results, [candidates], Path(root, dbt.config.meta_get("exports")))
    return candidates
