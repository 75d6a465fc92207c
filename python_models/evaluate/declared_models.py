"""Which predictors and rankers can be chosen, as the registries declare them."""

from cinespark.evaluate.declared_models import DECLARED_SCHEMA, declared_models
from cinespark.spark_tables import table_of


def model(dbt, session):
    parameters = dbt.config.meta_get("quoted_parameters")
    return table_of(session, list(declared_models(parameters)), DECLARED_SCHEMA)
