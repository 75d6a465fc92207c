"""Commands on what builds left: history, rollback and maintain."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cinespark.cli.options import as_format
from cinespark.cli.output import say
from cinespark.paths import exports_of, project_root, state_dir

if TYPE_CHECKING:
    from cinespark.versions.manifest import Manifest


@click.command()
@as_format
@click.pass_obj
def history(state: Path | None, form: str) -> None:
    """List the published versions, newest first, and why each was published."""
    from dataclasses import asdict

    from cinespark.show.formats import as_csv, as_json
    from cinespark.show.terminal import print_history
    from cinespark.versions.history import history, rows_of

    entries = history(exports_of(state_dir(state)))
    if form == "table":
        print_history(entries)
    elif form == "json":
        say(as_json([asdict(one) for one in entries]))
    else:
        say(as_csv(rows_of(entries)))


@click.command()
@click.argument("version", required=False)
@click.pass_obj
def rollback(state: Path | None, version: str | None) -> None:
    """Make VERSION current again, or without it the one that was current before.

    All its files are checked first, what was rated since it was made is folded into
    it where ratings are streamed, and the alias in MLflow's registry follows. A
    newer version that is left is marked as bad: a build does not publish its content
    again by itself. Naming a version takes the mark away.
    """
    from cinespark.errors import CineSparkError
    from cinespark.names import ALIAS, DATABASE
    from cinespark.publish.rollback import rollback
    from cinespark.stream.before_switch import ROLLBACK_SECONDS, fold_before_switch
    from cinespark.track.alias import point_alias_at
    from cinespark.versions.marks import read_marks

    folder = state_dir(state)

    def promote(manifest: "Manifest") -> None:
        model_version = manifest.about.model_version if manifest.about else None
        try:
            number = point_alias_at(folder / DATABASE, str(model_version))
        except CineSparkError:
            if manifest.registered_version is not None:
                raise
            say(f"no model was registered, so the alias {ALIAS} stays")
        else:
            say(f"the alias {ALIAS} names model version {number}")

    exports = exports_of(folder)
    before, now = rollback(
        exports,
        version,
        promote,
        on_wait=lambda: say("waiting for a build to publish", err=True),
        fold=lambda chosen: fold_before_switch(
            exports,
            folder,
            chosen,
            lambda words: say(words, err=True),
            ROLLBACK_SECONDS,
        ),
    )
    if before == now:
        say(f"{now} is current already")
        return
    say(f"{now} is current now, it was {before or 'none'}")
    if before in read_marks(exports).bad:
        say(
            f"{before} is marked as bad: the next `dbt build` publishes what its data "
            "and parameters give, unless that is the same content"
        )


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be freed.")
@click.option("--target", envvar="DBT_TARGET", help="Target of profiles.yml.")
@click.pass_obj
def maintain(state: Path | None, /, dry_run: bool, target: str | None) -> None:
    """Free the disk of what killed builds left and of what is no longer needed.

    That is files that belong to no table, artifacts in MLflow of builds that are
    neither among the newest nor published, unfinished versions, and data that was
    replaced. Published versions, tables, parameters and metrics stay. Builds wait
    until it has ended.
    """
    from cinespark.maintain import maintain

    folder = state_dir(state)
    freed = maintain(
        project_root(), folder, exports_of(folder), target, say, dry_run=dry_run
    )
    say(f"{'to free' if dry_run else 'freed'}: {freed / 1e6:,.1f} MB")
