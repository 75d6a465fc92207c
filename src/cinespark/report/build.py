"""Build the report: from the tables of a build to the page and its pictures."""

from datetime import UTC, datetime
from pathlib import Path

from cinespark.files import replace_file
from cinespark.report import (
    about_checks,
    about_genres,
    about_lists,
    about_models,
    about_movies,
    about_ratings,
    about_users,
)
from cinespark.report.about_versions import CHANGES, changes
from cinespark.report.charts import png
from cinespark.report.headlines import headlines
from cinespark.report.marts import Marts, read_marts
from cinespark.report.page import page
from cinespark.report.topics import Section, section_of
from cinespark.versions.versions import current_version
from cinespark.vocabulary import USUAL, Vocabulary, vocabulary_of

MANIFEST = "stg_movielens__manifest"
ALL_TOPICS = [
    about_ratings.GLANCE,
    about_genres.GENRES,
    about_ratings.TRENDS,
    about_ratings.DISTRIBUTION,
    about_users.ACTIVITY,
    about_movies.DECADES,
    about_genres.GENRE_TRENDS,
    about_movies.BEST_MOVIES,
    about_movies.LONG_TAIL,
    about_users.HOURS,
    about_models.LEADERBOARD,
    about_models.WHO,
    about_lists.LISTS,
    about_lists.VARIETY,
    about_checks.CHECKS,
]


def marts_of(state: Path, schema: str) -> Marts:
    """Return all tables that the report is drawn from."""
    names = {name for topic in ALL_TOPICS for name in (*topic.needs, *topic.uses)}
    return read_marts(state, schema, sorted(names | {MANIFEST}))


def sections_of(marts: Marts, exports: Path) -> list[Section]:
    """Return all sections of the report, in order."""
    words = vocabulary_of_marts(marts)
    sections = [section_of(topic, marts, words) for topic in ALL_TOPICS]
    return [*sections, Section(CHANGES, changes(exports, words))]


def vocabulary_of_marts(marts: Marts) -> Vocabulary:
    """Return the words of the data at a glance, the usual ones where it has none."""
    glance = marts.get(about_ratings.GLANCE.needs[0])
    if glance is None or glance.empty:
        return USUAL
    (row, *_) = glance.to_dict("records")
    return vocabulary_of({str(name): value for name, value in row.items()})


def write_report(
    state: Path, schema: str, file: Path, exports: Path | None = None
) -> list[Section]:
    """Write the report as one HTML file, replaced in one step; return its sections.

    Parameters
    ----------
    exports
        The folder of published versions, where it is not that of the state folder.

    Raises
    ------
    CineSparkError
        If nothing has been built in this schema.
    """
    marts = marts_of(state, schema)
    exports = exports or state / "exports"
    sections = sections_of(marts, exports)
    about = {"schema": schema, "published version": current_version(exports) or "none"}
    manifest = marts[MANIFEST]
    name = "unknown data"
    if manifest is not None and not manifest.empty:
        landed = manifest.iloc[0]
        name = landed.dataset
        about |= {
            "data set": landed.dataset,
            "from": landed.source,
            "licence": landed.licence,
            "SHA-256 of the data": landed.dataset_sha256,
        }
    text = page(
        f"CineSpark report: {name}",
        headlines(marts, vocabulary_of_marts(marts)),
        sections,
        about,
        datetime.now(UTC),
    )
    replace_file(file, text)
    return sections


def write_pictures(sections: list[Section], folder: Path) -> list[Path]:
    """Write each chart as a PNG file, and return the files."""
    written = []
    for section in sections:
        for figure in section.figures:
            if figure.chart is not None:
                written.append(folder / f"{figure.name}.png")
                replace_file(written[-1], png(figure.chart, figure.title))
    return written
