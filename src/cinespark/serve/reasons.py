"""Why a movie is in a list, in words: as the macro `reason_in_words` says it."""

from collections.abc import Sequence

from cinespark.vocabulary import Vocabulary


def reason_in_words(
    source: str,
    titles: Sequence[str],
    is_explained: bool,
    like_count: int,
    words: Vocabulary,
    ranker: str,
    rule_lines: Sequence[int] = (),
) -> str:
    """Return a sentence for a place of a list.

    Parameters
    ----------
    source
        As the table `recommendations` has it.
    titles
        Of the person's own movies that add most to its score.
    is_explained
        Whether the score is a sum over the person's ratings.
    like_count
        Of the movie.
    ranker
        Its name.
    rule_lines
        Lines of the rules that moved or pinned the movie.
    """
    if source == "popularity":
        if like_count > 0:
            return "popular with everybody"
        return "next in order of popularity"
    if source == "pin":
        return f"put here by line {rule_lines[0]} of the rules"
    if source == "exploration":
        return "new, and hardly anybody knows it yet"
    if source == "segment":
        return "popular with people like you"
    if titles:
        verb = words.either("rated", "chose")
        return f"because you {verb} {listed(titles)}"
    ratings = words.either("ratings", "events")
    if is_explained:
        return f"from all your {ratings} together"
    return f"from your {ratings}: {ranker} names none of them"


def listed(titles: Sequence[str]) -> str:
    """Return titles as in a sentence: "a", "a and b", "a, b and c"."""
    start = ", ".join(titles[:-1])
    return f"{start} and {titles[-1]}" if start else titles[-1]
