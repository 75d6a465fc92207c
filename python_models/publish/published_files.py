"""Write the recommendations as files of a version and make that version current."""

from cinespark.exports import publish


def model(dbt, session):
    recommendations = dbt.ref("recommendations")
    folder = dbt.config.meta_get("folder")
    return session.createDataFrame(publish(recommendations.toArrow(), folder))
