"""The version of the distribution, where dbt looks for it."""

from importlib.metadata import version as version_of

version = version_of("dbt-sparksession")
