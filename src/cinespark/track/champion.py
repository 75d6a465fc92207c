"""The registered model that follows what is published; publishing does not wait for it.

What MLflow cannot do now is a warning: the version is published all the same, and the
next build does what is missing.
"""

from pathlib import Path

from dbt.adapters.events.logging import AdapterLogger

from cinespark.errors import CineSparkError
from cinespark.names import DATABASE
from cinespark.publish.assemble import tags_of
from cinespark.track.alias import point_alias_at
from cinespark.track.client import open_tracking
from cinespark.track.logged_models import register
from cinespark.track.prune import forget
from cinespark.versions.manifest import About, Manifest

log = AdapterLogger("CineSpark")


def register_champion(state: Path, about: About, folder: Path) -> str | None:
    """Register the model of a version's folder; None, with a warning, if MLflow fails.

    Where no stars are predicted there is no model to register.

    Parameters
    ----------
    state
        The state folder.
    about
        The build that the version comes from, whose run gets the model.
    """
    if not about.predicts_stars:
        return None
    run_id, tags = str(about.run_id), tags_of(about)
    try:
        return register(open_tracking(state), run_id, folder, tags, about.vocabulary)
    except Exception as error:  # of MLflow, of its database, of the disk
        log.warning(
            f"the model {about.model_version} was not registered in {state / DATABASE} "
            f"({error}); what is published does not depend on it. Track the build with "
            "`dbt run --select mlflow_runs+`"
        )
        return None


def promote_champion(state: Path, about: About, exports: Path, now: Manifest) -> None:
    """Point the alias at the model of the current version, registered anew if lost.

    A version that predicts no stars has none: the alias stays.

    Parameters
    ----------
    about
        The build that publishes, whose run gets a model that is registered anew.
    now
        The manifest of the current version.
    """
    model_version = now.about.model_version if now.about else None
    if model_version is None:  # of a release that did not say it
        return
    if not now.predicts_stars:
        return
    database = state / DATABASE
    try:
        point_alias_at(database, model_version)
    except CineSparkError as lost:
        if register_champion(state, about, exports / now.version) is None:
            return
        try:
            point_alias_at(database, model_version)
        except CineSparkError as error:
            log.warning(f"{lost}; registered anew, but {error}")


def forget_champion(state: Path, about: About) -> None:
    """Remove the registered model of a version that is removed, if it had one."""
    if not about.predicts_stars:
        return
    try:
        forget(open_tracking(state), str(about.model_version))
    except Exception as error:  # of MLflow, of its database, of the disk
        log.warning(
            f"the model {about.model_version} was not removed from {state / DATABASE} "
            f"({error}); what is published does not depend on it"
        )
