"""Why a version was published: in a sentence, what differs from the one before."""

from pathlib import Path

from cinespark.versions.manifest import (
    MANIFEST,
    About,
    Dataset,
    damaged_files,
    read_manifest,
)
from cinespark.vocabulary import Vocabulary

SHOWN_PARAMETERS = 4  # that changed; a sentence has no room for more


def reason(about: About, total: str, exports: Path, previous: str | None) -> str:
    """Return in a sentence what differs from the version that was current.

    Parameters
    ----------
    about
        The build that is published now.
    total
        The SHA-256 of what is published now.
    previous
        The version that was current, None where none was.
    """
    if previous is None:
        return "first version"
    damaged = damaged_files(exports, previous, by_sum=False)
    if MANIFEST in damaged:
        return f"{previous}, which was current, is damaged"
    manifest = read_manifest(exports, previous)
    is_renamed = manifest.vocabulary != about.vocabulary
    if manifest.content_sha256 == total and not is_renamed:
        return f"the same as {previous}, which is damaged"
    if manifest.about is None:
        return f"{previous}, which was current, does not say what it was made of"
    return difference(manifest.about, about)


def difference(old: About, new: About) -> str:
    """Return what differs between two builds: data, parameters, words, code or rows."""
    causes = []
    if old.dataset.sha256 != new.dataset.sha256:
        causes.append(f"other data: {named(old.dataset)} → {named(new.dataset)}")
    before, after = old.parameters, new.parameters
    changes = [
        f"{name}: {before.get(name, 'unset')} → {after.get(name, 'unset')}"
        for name in sorted({*before, *after})
        if before.get(name, "unset") != after.get(name, "unset")
    ]
    if changes:
        more = len(changes) - SHOWN_PARAMETERS
        shown = changes[:SHOWN_PARAMETERS] + [f"{more} more"] * (more > 0)
        causes.append("other parameters: " + ", ".join(shown))
    if old.vocabulary != new.vocabulary:
        words = " → ".join(in_words(one.vocabulary) for one in (old, new))
        causes.append(f"other words: {words}")
    commits = [short(one.git_commit) for one in (old, new)]
    if commits[0] != commits[1]:
        causes.append("other code: " + " → ".join(commits))
    return "; ".join(causes) or (
        "the lists changed though data, parameters and code are the same"
    )


def in_words(vocabulary: Vocabulary) -> str:
    """Return the nouns of a vocabulary, and whether there are stars."""
    rating = vocabulary.either(vocabulary.star, "event without stars")
    return f"{vocabulary.item}, {rating}"


def named(dataset: Dataset) -> str:
    """Return a data set's name with the start of its SHA-256."""
    return f"{dataset.name or 'unknown'} ({(dataset.sha256 or 'unknown')[:8]})"


def short(commit: str | None) -> str:
    """Return the start of a commit, with '-dirty' where files differed from it."""
    sha, _, dirty = (commit or "unknown").partition("-")
    return f"{sha[:8]}-{dirty}" if dirty else sha[:8]
