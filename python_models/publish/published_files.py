"""Write the recommendations as files of a version and make that version current."""

from cinespark.exports import FILES_SCHEMA, publish


def model(dbt, session):
    recommendations = dbt.ref("recommendations")
    files = publish(recommendations.toArrow(), dbt.config.meta_get("folder"))
    return session.createDataFrame(files, FILES_SCHEMA)
