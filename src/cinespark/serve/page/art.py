"""Title cards: colours and shapes in place of posters, the same ones every time."""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from cinespark.serve.answer_parts import Answer
from cinespark.serve.opened import Opened

HUES, MOTIFS = 16, 14
UPRIGHT = (0, 10, 11)  # motifs with a ground, or a sky
STEPS = 3  # shades of a colour, from 0
TURNS = (0, 90, 180, 270)  # degrees


@dataclass(frozen=True)
class Art:
    """How a title card looks: a colour and its shade, a shape, and how it is turned."""

    hue: int
    step: int
    motif: int
    turn: int


def hues_of(opened: Opened) -> dict[str, int]:
    """Return a colour for each genre, the rarest first: no two of them are the same.

    With more genres than colours, the most common share those of the rarest.
    """
    counts = {name: int(has.sum()) for name, has in opened.catalogue.genres.items()}
    by_count = sorted(counts, key=lambda name: (counts[name], name))
    return {name: place for place, name in enumerate(by_count)}


def art_of(movie: Answer, hues: Mapping[str, int]) -> Art:
    """Return the card of a movie: the colour of its rarest genre, a shape by its id."""
    chance = crc32(str(movie["movie_id"]).encode("utf-8", "replace"))
    known = [hues[name] for name in movie["genres"] if name in hues]
    hue = min(known) if known else chance >> 16
    motif = chance % MOTIFS
    turn = TURNS[0 if motif in UPRIGHT else chance // MOTIFS % len(TURNS)]
    return Art(hue % HUES, chance >> 8 & STEPS, motif, turn)
