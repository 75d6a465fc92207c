"""Why a version was published: what differs from the one before, in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cinespark.versions.manifest import MANIFEST, damaged_files, read_manifest

SHOWN_PARAMETERS = 4  # that changed; a sentence has no room for more


def reason(
    about: Mapping[str, Any], total: str, exports: Path, previous: str | None
) -> str:
    """Return in one sentence what differs from the version that was current."""
    if previous is None:
        return "first version"
    damaged = damaged_files(exports, previous, by_sum=False)
    if MANIFEST in damaged:
        return f"{previous}, which was current, is damaged"
    manifest = read_manifest(exports, previous)
    if manifest["content_sha256"] == total:
        return f"the same as {previous}, which is damaged"
    if "about" not in manifest:
        return f"{previous}, which was current, does not say what it was made of"
    return difference(manifest["about"], about)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return what differs between two builds: data, parameters, code or lists only."""
    causes = []
    data = [dict(one.get("dataset", {})) for one in (old, new)]
    if data[0].get("sha256") != data[1].get("sha256"):
        names = [f"{one.get('name')} ({str(one.get('sha256'))[:8]})" for one in data]
        causes.append("other data: " + " → ".join(names))
    before, after = (dict(one.get("parameters", {})) for one in (old, new))
    changes = [
        f"{name}: {before.get(name, 'unset')} → {after.get(name, 'unset')}"
        for name in sorted({*before, *after})
        if before.get(name, "unset") != after.get(name, "unset")
    ]
    if changes:
        more = len(changes) - SHOWN_PARAMETERS
        shown = changes[:SHOWN_PARAMETERS] + [f"{more} more"] * (more > 0)
        causes.append("other parameters: " + ", ".join(shown))
    commits = [short(one.get("git_commit")) for one in (old, new)]
    if commits[0] != commits[1]:
        causes.append("other code: " + " → ".join(commits))
    return "; ".join(causes) or (
        "the lists changed though data, parameters and code are the same"
    )


def short(commit: str | None) -> str:
    """Return the start of a commit, and whether files differed from it."""
    sha, _, dirty = (commit or "unknown").partition("-")
    return f"{sha[:8]}-{dirty}" if dirty else sha[:8]
