"""The gate of publishing: the candidates, once every critical check has passed."""

from cinespark.check.gates import require_passed
from cinespark.spark_tables import exports_of_build


def model(dbt, session):
    candidates = dbt.ref("int_candidate_recommendations")
    results = dbt.ref("recommendation_checks")
    dbt.ref("recommendation_check_history")  # keeps them, whatever they say
    exports = exports_of_build(session, dbt.config.meta_get("exports"))
    require_passed(results, [candidates], exports)
    return candidates
