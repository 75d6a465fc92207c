"""Cases of the corpus: what comes after the first records is of another kind.

Lines that land although they do not fit are rejected in staging, whose unit tests have
the reason of each.
"""

from corpus_case import FILMS, HEADER, Case, built_with, filmed, rated, said

# another header than that of the landing layout, so that the file is converted
OWN = "user,item,rating,time\n"
LINE = "1,1,4.0,964982703"


def later(line, first=LINE):
    """Return ratings of which a line comes after more than are looked at."""
    return rated(OWN + f"{first}\n" * 600 + f"{line}\n")


def lands(line, first=LINE):
    return {"ratings.csv": [first] * 600 + [line]}


def copied(line):
    return rated(HEADER + f"{LINE}\n" * 600 + f"{line}\n")


CASES = [
    Case(
        "ids that are texts below whole numbers",
        later("ann,1,4.0,964982704"),
        lands("ann,1,4.0,964982704"),
    ),
    Case(
        "ids that are texts below whole numbers, in the landing layout",
        copied("ann,1,4.0,964982704"),
        lands("ann,1,4.0,964982704"),
        is_copied=True,
    ),
    Case(
        "ids over 32 bits below smaller ones",
        later("3000000000,1,4.0,964982704"),
        lands("3000000000,1,4.0,964982704"),
    ),
    Case(
        "milliseconds below seconds",
        later("1,2,4.0,964982704000"),
        lands("1,2,4.0,964982704000"),
    ),
    Case(
        "milliseconds below seconds, in the landing layout",
        copied("1,2,4.0,964982704000"),
        lands("1,2,4.0,964982704000"),
        is_copied=True,
    ),
    Case(
        "microseconds below milliseconds",  # in seconds it is of the year 32548
        later("1,2,4.0,964982704000000", "1,1,4.0,964982703000"),
        lands("1,2,4.0,964982704000"),
    ),
    Case(
        "milliseconds below microseconds",
        later("1,2,4.0,964982704000", "1,1,4.0,964982703000000"),
        lands(
            "!timestamp '964982704000' is not microseconds\t1,2,4.0,964982704000",
        ),
    ),
    Case(
        "seconds below ISO times",
        later("1,2,4.0,964982704", "1,1,4.0,2000-07-30T18:45:03Z"),
        lands("!timestamp '964982704' is not ISO 8601\t1,2,4.0,964982704"),
    ),
    Case(
        "ISO times below seconds",
        later("1,2,4.0,2000-07-30T18:45:04Z"),
        lands("1,2,4.0,2000-07-30T18:45:04Z"),
    ),
    Case(
        "a scale that grows",
        later("1,2,10,964982704"),
        lands("1,2,10,964982704"),
    ),
    Case(
        "decimal commas below points",
        later('1,2,"4,5",964982704'),
        lands('1,2,"4,5",964982704'),
    ),
    Case(
        "decimal commas below points, said in columns.yml",
        {**later('1,2,"4,5",964982704'), "columns.yml": "decimal: ','\n"},
        lands("1,2,4.5,964982704"),
    ),
    Case(
        "times that begin late, said to be seconds",
        said("time: seconds\n", OWN + "1,1,4.0,\n" * 600 + f"{LINE}\n"),
        lands(LINE, "1,1,4.0,"),
    ),
    Case(
        "ratings that begin late",
        later(LINE, "1,1,,964982703"),
        error="{folder}/ratings.csv has no rating in its first 499 records: if there "
        "are events and no ratings, write `feedback: implicit` in columns.yml beside "
        "the data; if later ones have, `feedback: explicit`",
    ),
    Case(
        "ratings that begin late, said to be ratings",
        {**later(LINE, "1,1,,964982703"), "columns.yml": "feedback: explicit\n"},
        lands(LINE, "1,1,,964982703"),
    ),
    Case(
        "nothing but ones, which may be thumbs, events or the start of stars",
        later(LINE, "1,1,1.0,964982703"),
        error="{folder}/ratings.csv: the first 499 ratings are all 1: if they are "
        "thumbs, say so in columns.yml beside the data: `ratings: {scale: [0, 1]}`; if "
        "they are stars, write `scale: [0.5, 5]` there, or yours; if there are events "
        "and no ratings, write `feedback: implicit` there, or --feedback implicit",
    ),
    Case(
        "nothing but ones, said to be stars",
        {
            **later(LINE, "1,1,1.0,964982703"),
            "columns.yml": "ratings: {scale: [0.5, 5]}\n",
        },
        lands(LINE, "1,1,1.0,964982703"),
    ),
    Case(
        "nothing but ones, said to be thumbs",
        {
            **later("1,2,0,964982704", "1,1,1,964982703"),
            "columns.yml": "ratings: {scale: [0, 1]}\n",
        },
        lands("1,2,0,964982704", "1,1,1,964982703"),
        [
            "ratings.csv: ratings go from 0 to 1",
            built_with(rating_min=0, rating_max=1, like_threshold=1),
        ],
    ),
    Case(
        "genres with bars below some with commas",
        filmed(
            "movieId,title,genres\n"
            + '1,Heat (1995),"Action, Crime"\n' * 600
            + '2,Café (2001),"Rock, Pop|Drama"\n'
        ),
        {
            "movies.csv": [FILMS[0]] * 600 + ['2,Café (2001),"Rock, Pop|Drama"'],
        },
        ["movies.csv: genres are divided at commas"],
    ),
]
