"""What the file of a ranker holds: how it ranks, for whom, and of which ratings."""

from dataclasses import dataclass

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.flattened import below, rebuilt
from cinespark.algorithms.preference_scale import PreferenceScale
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.segments import SegmentPopularity

PREFERENCE, SEGMENT = "preference", "segment"  # before the names of their arrays


@dataclass(frozen=True)
class WholeRanker:
    """All that makes a list of anyone's ratings.

    Parameters
    ----------
    by_segment
        What users get who like nothing yet, None if there are none.
    scale
        What ratings say of liking, None if the file is of an older release.
    """

    model: RankerModel
    by_segment: SegmentPopularity | None
    scale: PreferenceScale | None


def whole_ranker(arrays: Arrays) -> WholeRanker:
    """Return the ranker that a file of these arrays holds."""
    segment, scale = below(SEGMENT, arrays), below(PREFERENCE, arrays)
    return WholeRanker(
        RankerModel.from_arrays(arrays),
        rebuilt(SegmentPopularity, segment) if segment else None,
        rebuilt(PreferenceScale, scale) if scale else None,
    )
