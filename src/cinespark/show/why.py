"""Why a movie is in a user's list: from the row back to the lines it comes from."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, cast

import numpy as np

from cinespark.errors import CineSparkError
from cinespark.paths import dataset_folder
from cinespark.show.landing_lines import RATINGS, Line, landed_folder, lines_of
from cinespark.show.sent_lines import sent_lines
from cinespark.show.streamed_lines import streamed_lines
from cinespark.versions.histories import History, history_of
from cinespark.versions.keys import Dictionary, dictionary_of, keys_of
from cinespark.versions.lists import Recommendation, list_of, titles_of
from cinespark.versions.manifest import Manifest, read_manifest
from cinespark.versions.versions import reading_current
from cinespark.vocabulary import Vocabulary, count

# from a label and bytes to read, what shows how far they are read
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


class Term(TypedDict):
    """What a score is the sum of, and last the score.

    Movies, the others, the constant, and what rules and diversity add.

    `line` is the last line behind the rating, which counts, of `file`, the landing file
    or a segment of what people sent, and `line_count` how many lines there are of the
    user and the movie. Of what came by the stream, they are offset and partition.
    """

    term: str
    movie_id: int | str | None
    title: str | None
    amount: float
    rating: float | None
    rated_at: str | None
    file: str | None
    line: int | None
    line_count: int | None
    version: str
    content_sha256: str


@dataclass(frozen=True)
class Behind:
    """The lines behind a row, in the order they came; which files, or why none."""

    source: str
    file: str | None = None
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Why:
    """One row of a list, laid out.

    Parameters
    ----------
    others
        How many movies the user has rated that are not named.
    source
        Where the lines were found, or why there are none; empty if no movie is named.
    """

    row: Recommendation
    terms: Sequence[Term]
    others: int
    source: str
    manifest: Manifest

    @property
    def words(self) -> Vocabulary:
        return self.manifest.vocabulary


def why(
    exports: Path,
    current: Path,
    data: Path,
    state: Path,
    user_id: str,
    rank: int,
    progress: Progress,
) -> Why:
    """Return why a movie stands at a place of a user's list in the current version.

    Parameters
    ----------
    current, data
        As `landed_folder` takes them.
    state
        The state folder, with what people sent, of all data sets.

    Raises
    ------
    CineSparkError
        If nothing is published, if the user has no list or a shorter one, or if the
        version does not say what its scores are made of.
    """
    with reading_current(exports) as version:
        rows = list_of(exports, version, user_id)
        manifest = read_manifest(exports, version)
        row = row_at(rows, rank, version, manifest.vocabulary)
        named = row["reason_movie_ids"]
        dictionary = dictionary_of(exports, version)
        (user_key,) = keys_of([row["user_id"]], "user", dictionary)
        history = history_of(exports, version, int(user_key))
        titles = titles_of(exports, version) if named else {}
    rated = by_id(named, history, dictionary)
    found = Behind("")
    if named:
        found = behind(row, manifest, current, data, progress)
        found = with_sent(found, row, manifest, state / "incoming")
        found = with_streamed(found, row, manifest, state)
    terms = terms_of(row, titles, rated, found, manifest)
    return Why(row, terms, len(history) - len(named), found.source, manifest)


def row_at(
    rows: Sequence[Recommendation], rank: int, version: str, words: Vocabulary
) -> Recommendation:
    """Return the row at a place of a list, if it says what its score is made of.

    Raises
    ------
    CineSparkError
        If the list is shorter, or the version of an older release.
    """
    user = rows[0]["user_id"]
    if rank > len(rows):
        raise CineSparkError(
            f"the list of user {user} in version {version} has "
            f"{count(len(rows), words.item_noun)}: give --why a number from 1 to "
            f"{len(rows)}"
        )
    row = rows[rank - 1]
    if "reason_movie_ids" not in row:
        raise CineSparkError(
            f"version {version} was published by an older release, which does not say "
            "what its scores are made of: publish anew with `dbt build`"
        )
    return row


def by_id(
    named: Sequence[int | str], history: History, dictionary: Dictionary
) -> dict[int | str, tuple[float, int]]:
    """Return the ratings of the named movies, by their public ids."""
    keys = keys_of(list(named), "movie", dictionary).tolist() if named else []
    pairs = zip(named, keys, strict=True)
    return {movie: history[key] for movie, key in pairs if key in history}


def behind(
    row: Recommendation,
    manifest: Manifest,
    current: Path,
    data: Path,
    progress: Progress,
) -> Behind:
    """Return the lines of a row's movies in the landing file of a version."""
    wanted = manifest.about.dataset.sha256 if manifest.about else None
    landed = landed_folder(current, data, wanted)
    if landed is None:
        sha256 = f"the SHA-256 {wanted}" if wanted else "a SHA-256, which is not known"
        return Behind(f"no lines: no data set in {from_here(data)} has {sha256}")
    folder, facts = landed
    file = from_here(folder / RATINGS)
    (sum_,) = (one.sha256 for one in facts.files if one.file == RATINGS)
    if not file.is_file():
        return Behind(f"no lines: {file} is gone")
    movies = set(row["reason_movie_ids"])
    with progress(f"reading {file.name}", file.stat().st_size) as advance:
        found = lines_of(file, sum_, row["user_id"], movies, advance)
    if found is None:
        return Behind(f"no lines: {file} has another SHA-256 now than {sum_}")
    return Behind(f"{file}, SHA-256 {sum_}", str(file), found)


def with_sent(
    found: Behind, row: Recommendation, manifest: Manifest, incoming: Path
) -> Behind:
    """Return the lines behind a row with those of the segments that its build read."""
    dataset = manifest.about.dataset if manifest.about else None
    if dataset is None or dataset.incoming_sha256 is None or dataset.name is None:
        return found
    folder = incoming / dataset_folder(dataset.name)
    sha256, movies = dataset.incoming_sha256, set(row["reason_movie_ids"])
    sent = sent_lines(folder, sha256, row["user_id"], movies)
    if sent is None:
        source = (
            f"{found.source}; no lines of what people sent: the segments of the sum "
            f"{sha256} are not all in {from_here(folder)} as they were"
        )
        return Behind(source, found.file, found.lines)
    source = f"{found.source}; segments in {from_here(folder)}, SHA-256 {sha256}"
    return Behind(source, found.file, [*found.lines, *sent])


def with_streamed(
    found: Behind, row: Recommendation, manifest: Manifest, state: Path
) -> Behind:
    """Return the lines behind a row with the records that its build read by Kafka."""
    stream = manifest.about.dataset.stream if manifest.about else None
    if stream is None:
        return found
    movies = set(row["reason_movie_ids"])
    streamed = streamed_lines(state, stream, row["user_id"], movies)
    if streamed is None:
        source = f"{found.source}; no records of the stream: its table is gone"
        return Behind(source, found.file, found.lines)
    source = f"{found.source}; records of the topic {stream['topic']}"
    return Behind(source, found.file, [*found.lines, *streamed])


def from_here(path: Path) -> Path:
    """Return a path as seen from the current folder, if it lies below that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def terms_of(
    row: Recommendation,
    titles: Mapping[int | str, str],
    rated: Mapping[int | str, tuple[float, int]],
    found: Behind,
    manifest: Manifest,
) -> list[Term]:
    """Return what a row's score is the sum of; the score alone if it is no sum."""
    build = {
        "version": manifest.version,
        "content_sha256": manifest.content_sha256,
    }
    nothing = dict.fromkeys(set(Term.__annotations__) - set(build))

    def term(name: str, amount: float, **more: object) -> Term:
        given = nothing | {"term": name, "amount": amount} | more | build
        return cast(Term, {key: given[key] for key in Term.__annotations__})

    terms = []
    pairs = zip(row["reason_movie_ids"], row["reason_contributions"], strict=True)
    for movie, amount in pairs:
        rating, rated_at = rated.get(movie, (None, None))
        mine = [line for line in found.lines if line.movie_id == movie]
        used = [line for line in mine if is_of(line, rating, rated_at, manifest)]
        at = {"file": file_of(used[-1], found), "line_count": len(mine)} if used else {}
        terms.append(
            term(
                "movie",
                amount,
                movie_id=movie,
                title=titles.get(movie, str(movie)),
                rating=rating,
                rated_at=None if rated_at is None else in_iso(rated_at),
                line=used[-1].number if used else None,
                **at,
            )
        )
    if row["other_contributions"] is not None and row["score_constant"] is not None:
        terms.append(term("others", row["other_contributions"]))
        terms.append(term("constant", row["score_constant"]))
        if adjustment := row.get("rule_adjustment"):
            terms.append(term("rules and diversity", adjustment))
    return [*terms, term("score", row["score"])]


def file_of(line: Line, found: Behind) -> str | None:
    """Return the file that a line is in."""
    return str(from_here(line.segment)) if line.segment else found.file


def is_of(
    line: Line, rating: float | None, rated_at: int | None, manifest: Manifest
) -> bool:
    """Return whether a rating, or the last event, came from this line."""
    if rating is None or line.rated_at != rated_at:
        return False
    if not manifest.vocabulary.has_stars:
        return True
    try:
        return bool(np.float32(line.rating) == np.float32(rating))
    except ValueError:
        return False  # a line that was rejected


def in_iso(seconds: int) -> str:
    """Return a time as in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
