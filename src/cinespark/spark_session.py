"""The session of a target of the profile, and Spark's errors in one line."""

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt.config.profile import Profile
from dbt.config.runtime import load_profile
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context
from dbt_common.exceptions import DbtRuntimeError
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cinespark.errors import CineSparkError
from cinespark.paths import profiles_dir
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.messages import message_of
from dbt.adapters.sparksession.session import get_session


def start_session(credentials: SparkSessionCredentials) -> SparkSession:
    """Return a session of its own, of the one Spark in this process.

    Raises
    ------
    CineSparkError
        If Spark does not start.
    """
    with worded():
        return get_session(credentials).newSession()


def read_profile(root: Path, target: str | None) -> Profile:
    """Return the profile as dbt reads it, for a target or the default one."""
    folder = str(profiles_dir(root))
    set_invocation_context(os.environ)
    set_from_args(Namespace(profiles_dir=folder), None)
    try:
        return load_profile(str(root), {}, target_override=target)
    except DbtRuntimeError as error:
        message = one_line(str(error.msg))
        raise CineSparkError(f"{folder}/profiles.yml: {message}") from error


def credentials_of(
    profile: Profile, root: Path, state: Path | None
) -> SparkSessionCredentials:
    """Return a profile's credentials, with the state folder of the command if given."""
    credentials = profile.credentials
    if not isinstance(credentials, SparkSessionCredentials):
        raise CineSparkError(
            f"target {profile.target_name} is of type {credentials.type}: choose one "
            "of type sparksession with --target"
        )
    credentials.state_dir = str(state or credentials.state_dir)
    credentials.resolve_paths(root)
    return credentials


@contextmanager
def worded() -> Iterator[None]:
    """Turn Spark's errors into one line without a stack trace."""
    try:
        yield
    except DbtRuntimeError as error:
        raise CineSparkError(one_line(str(error.msg))) from error
    except (PySparkException, Py4JJavaError) as error:
        raise CineSparkError(one_line(message_of(error))) from error


def one_line(message: str) -> str:
    """Return a message in one line, without the copy of the query at its end."""
    return " ".join(message.split("\n== SQL")[0].split())
