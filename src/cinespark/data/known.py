"""The data sets known by name, with their addresses, layouts and terms of use."""

import difflib
from dataclasses import dataclass
from typing import Literal

GROUPLENS = "https://files.grouplens.org/datasets/movielens/"

CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: "
    "History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4: "
    "19:1-19:19. "
    "https://doi.org/10.1145/2827872"
)
RESEARCH_ONLY = (
    "MovieLens terms of GroupLens, University of Minnesota: for research; no "
    "redistribution and no commercial use without their permission"
)
SHARE_ALIKE = (
    "MovieLens terms of GroupLens, University of Minnesota: for research; "
    "redistribution under the same terms; no commercial use without their permission"
)

Layout = Literal["u.data", "dat", "csv"]


@dataclass(frozen=True)
class KnownSet:
    """A MovieLens archive; its files are in a folder with the name of the set.

    If `sha256` is None, there is no sum to check the archive against; `has_genome` says
    whether the archive holds genome scores.
    """

    name: str
    layout: Layout
    sha256: str | None
    licence: str
    has_genome: bool = False

    @property
    def archive(self) -> str:
        return f"{self.name}.zip"


KNOWN = {
    one.name: one
    for one in (
        KnownSet(
            "ml-100k",
            "u.data",
            "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
            RESEARCH_ONLY,
        ),
        KnownSet(
            "ml-latest-small",
            "csv",
            "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
            SHARE_ALIKE,
        ),
        KnownSet(
            "ml-1m",
            "dat",
            "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
            RESEARCH_ONLY,
        ),
        KnownSet(
            "ml-25m",
            "csv",
            "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
            SHARE_ALIKE,
            has_genome=True,
        ),
        KnownSet("ml-32m", "csv", None, SHARE_ALIKE),
    )
}
SAMPLE = "sample"
DEFAULT = "ml-100k"


def nearest(name: str, names: list[str]) -> str | None:
    """Return the name that was probably meant, None if none is close."""
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return close[0] if close else None
