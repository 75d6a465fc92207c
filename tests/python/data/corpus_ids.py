"""Cases of the corpus: ids of any kind, of one type for users and items together."""

from corpus_case import (
    HEADER,
    MOVIES,
    RATINGS,
    TEXTS,
    TWO,
    Case,
    built_with,
    parquet_of,
    rated,
    said,
)

BIG = built_with(id_type="bigint")
UUID = "8c6f1a52-1f6e-4d1b-9d0e-3a4a0c0d9b11"

CASES = [
    Case(
        "ids over 32 bits",  # SPARK-10158, Steam's, case 13
        rated(f"{HEADER}76561197960265825,58,3.5,1500086400\n"),
        {"ratings.csv": ["76561197960265825,58,3.5,1500086400"]},
        [BIG],
        is_copied=True,
    ),
    Case(
        "ids over 32 bits with a decimal part of zero, in tags alone",
        rated(RATINGS)
        | {"tags.csv": "userId,movieId,tag,timestamp\n3000000000.0,1,a,964982703\n"},
        {"ratings.csv": TWO, "tags.csv": ["3000000000,1,a,964982703"]},
        [BIG],
    ),
    Case(
        "UUIDs",
        rated(f"{HEADER}{UUID},1,4.0,964982703\n"),
        {"ratings.csv": [f"{UUID},1,4.0,964982703"]},
        [TEXTS],
        is_copied=True,
    ),
    Case(
        "users that are numbers and items that are texts, zeros before them",
        rated("user_id,sku,rating,ts\n007,B-0040,4.0,964982703\n7.0,b-0040,3.5,5\n")
        | {"movies.csv": "sku,title\n B-0040 ,Heat\n"},
        {
            "ratings.csv": ["007,B-0040,4.0,964982703", "7.0,b-0040,3.5,5"],
            "movies.csv": ["B-0040,Heat,(no genres listed)"],
        },
        [TEXTS],
    ),
    Case(
        "ids with delimiters, quotes, spaces and emoji",
        rated(
            "user;item;rating;time\n"
            '"a, b; ""c""";it is 🎬;4.0;964982703\n#2;\\N;3.5;964982704\n'
        ),
        {
            "ratings.csv": [
                '"a, b; ""c""",it is 🎬,4.0,964982703',
                "#2,,3.5,964982704",
            ]
        },
        [TEXTS],
    ),
    Case(
        "an id that begins as lines do that were rejected",
        rated("user,item,rating,time\n!a,b,4.0,964982703\n"),
        {"ratings.csv": ['"!a","b","4.0","964982703"']},
        [TEXTS],
    ),
    Case(
        "whole numbers of 20 digits, as hashes without a sign are",
        rated(f"{HEADER}17293822569102704641,1,4.0,964982703\n"),
        {"ratings.csv": ["17293822569102704641,1,4.0,964982703"]},
        [TEXTS],
        is_copied=True,
    ),
    Case(
        "texts that are too long or hold a control character",
        rated(
            f"user,item,rating,time\na,b,4.0,964982703\n{'x' * 201},b,4.0,5\n"
            "a,b\a,4.0,5\n"
        ),
        {
            "ratings.csv": [
                "a,b,4.0,964982703",
                "!userId has 201 characters, at most 200 are read\t"
                f"{'x' * 201},b,4.0,5",
                "!movieId holds a control character or a line end\ta,b\a,4.0,5",
            ]
        },
        [TEXTS],
    ),
    Case(
        "a quote after a backslash below a long start of ids that are texts",
        rated(HEADER + "ann,1,4.0,964982703\n" * 600 + '"a\\"b",1,3.5,964982704\n'),
        {
            "ratings.csv": ["ann,1,4.0,964982703"] * 600 + ['"a""b",1,3.5,964982704'],
        },
        [TEXTS],
    ),
    Case(
        "a few texts among numbers, which staging rejects",
        rated(f"{HEADER}1,1,4.0,964982703\n2,2,3.5,964982704\nanonymous,2,3.5,5\n"),
        {"ratings.csv": [*TWO, "anonymous,2,3.5,5"]},
        is_copied=True,
    ),
    Case(
        "numbers said to be texts",
        said("ids: string\n", f"{HEADER}0862,1.0,4.0,964982703\n"),
        {"ratings.csv": ["0862,1.0,4.0,964982703"]},
        [TEXTS],
        is_copied=True,
    ),
    Case(
        "texts said to be numbers",
        said("ids: bigint\n", f"{HEADER}ann,1,4.0,964982703\n"),
        error="{folder}/ratings.csv: ids are said to be bigint, but userId has such "
        "as 'ann': mend `ids` in columns.yml, or --ids",
    ),
    Case(
        "IMDb's ids in the catalogue, beside ratings that have them as texts",
        {
            "ratings.csv": f"{HEADER}1,tt0113277,4.0,964982703\n",
            "movies.tsv": "tconst\tprimaryTitle\ntt0113277\tHeat\n",
        },
        {
            "ratings.csv": ["1,tt0113277,4.0,964982703"],
            "movies.csv": ["tt0113277,Heat,(no genres listed)"],
        },
        [TEXTS],
    ),
    Case(
        "texts in parquet, one with a line end",
        {
            "ratings.parquet": parquet_of(
                user=["ann", "a\nb"], item=[1, 1], rating=[4.0, 3.5], time=[5, 5]
            ),
            "movies.csv": MOVIES,
        },
        {
            "ratings.csv": [
                "ann,1,4.0,5",
                "!userId holds a control character or a line end\ta b,1,3.5,5",
            ]
        },
        [TEXTS],
    ),
]
