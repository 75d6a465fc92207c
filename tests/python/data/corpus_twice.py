"""Cases of the corpus: two files for one meaning, which are asked about."""

import gzip

from corpus_case import (
    FILMS,
    MOVIES,
    RATINGS,
    TWO,
    Case,
    one_rating,
    rated,
    zipped,
)

DAT = "1::1::4.0::964982703\n2::2::3.5::964982704\n"
FILMS_DAT = "1::Heat (1995)::Action|Crime\n2::Café (2001)::Drama\n"
OTHER = "userId,movieId,rating,timestamp\n9,9,1.0,964982709\n"
TABS = OTHER.replace(",", "\t")
BLOCK = "1:\n1488844,3,2005-09-06\n"
LINKS = "movieId,imdbId,tmdbId\n1,0113277,949\n"


def both(one, other, file="ratings.csv"):
    """Return the sentence that names two files and the way out."""
    name = file.removesuffix(".csv")
    return (
        f"{one} and {other} may both be {file}: say which in columns.yml beside the "
        f"data: `{name}: {{file: {one}}}`, or move one away"
    )


CASES = [
    Case(
        "ratings plain and packed",
        rated(RATINGS, **{"ratings.csv.gz": gzip.compress(OTHER.encode())}),
        error=both("ratings.csv", "ratings.csv.gz"),
    ),
    Case(
        "ratings plain and packed, one of them said",
        rated(
            OTHER,
            **{
                "ratings.csv.gz": gzip.compress(RATINGS.encode()),
                "columns.yml": "ratings: {file: ratings.csv.gz}\n",
            },
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "ratings with commas and with tabs",
        rated(RATINGS, **{"ratings.tsv": TABS}),
        error=both("ratings.csv", "ratings.tsv"),
    ),
    Case(
        "ratings as text and as parquet",
        rated(RATINGS, **{"ratings.parquet": one_rating()}),
        error=both("ratings.csv", "ratings.parquet"),
    ),
    Case(
        "ratings and reviews",
        rated(RATINGS, **{"reviews.csv": OTHER}),
        error=both("ratings.csv", "reviews.csv"),
    ),
    Case(
        "names that differ in capitals alone",
        rated(RATINGS, **{"Ratings.csv": OTHER}),
        error=both("ratings.csv", "Ratings.csv"),
    ),
    Case(
        "movies and items",
        rated(RATINGS, **{"items.csv": MOVIES}),
        error=both("movies.csv", "items.csv", "movies.csv"),
    ),
    Case(
        "movies and Kaggle's metadata",
        rated(RATINGS, **{"movies_metadata.csv": MOVIES, "links.csv": LINKS}),
        error=both("movies.csv", "movies_metadata.csv", "movies.csv"),
    ),
    Case(
        "tags twice, which nobody needs",
        rated(
            RATINGS,
            **{
                "tags.csv": "userId,movieId,tag,timestamp\n1,1,a,5\n",
                "tags.txt": "userId,movieId,tag,timestamp\n1,1,b,5\n",
            },
        ),
        error=both("tags.csv", "tags.txt", "tags.csv"),
    ),
    Case(
        "three files of users",
        rated(
            RATINGS,
            **{f"{name}.csv": "userId,age\n1,5\n" for name in ("users", "user")},
            **{"BX-Users.csv": "userId,age\n1,6\n"},
        ),
        error="users.csv and BX-Users.csv and user.csv may all be users.csv: say which "
        "in columns.yml beside the data: `users: {file: users.csv}`, or move all but "
        "one away",
    ),
    Case(
        "a folder of part files beside a file",
        rated(RATINGS, **{"ratings/part-0.csv": OTHER}),
        error=both("ratings.csv", "ratings"),
    ),
    Case(
        "a folder of part files beside a file, the folder said",
        rated(
            OTHER,
            **{
                "ratings/part-0.csv": RATINGS,
                "columns.yml": "ratings: {file: ratings}\n",
            },
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "a part file plain and packed",
        {
            "ratings/part-0.csv": RATINGS,
            "ratings/part-0.csv.gz": gzip.compress(RATINGS.encode()),
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings/part-0.csv and {folder}/ratings/part-0.csv.gz may be "
        "the same part twice: move one away",
    ),
    Case(
        "folders of part files in two folders of an archive",
        {
            "all.zip": zipped(
                {
                    "a/ratings/part-0.csv": RATINGS,
                    "b/ratings/part-0.csv": OTHER,
                    "movies.csv": MOVIES,
                }
            )
        },
        error=both("a/ratings", "b/ratings"),
        brought="all.zip",
    ),
    Case(
        "folders of part files in two folders of an archive, one said",
        {
            "all.zip": zipped(
                {
                    "a/ratings/part-0.csv": OTHER,
                    "b/ratings/part-0.csv": RATINGS,
                    "movies.csv": MOVIES,
                }
            ),
            "columns.yml": "ratings: {file: b/ratings}\n",
        },
        {"ratings.csv": TWO},
        brought="all.zip",
    ),
    Case(
        "a file and the archive that it came in",
        rated(RATINGS, **{"ratings.csv.zip": zipped({"ratings.csv": OTHER})}),
        error=both("ratings.csv", "ratings.csv.zip"),
    ),
    Case(
        "files and the archive that they came in, in its folder",
        rated(
            RATINGS,
            **{"ml.zip": zipped({"ml/ratings.csv": OTHER, "ml/movies.csv": MOVIES})},
        ),
        error="ml/ratings.csv and ratings.csv may both be ratings.csv: say which in "
        "columns.yml beside the data: `ratings: {file: ml/ratings.csv}`, or move one "
        "away",
    ),
    Case(
        "files and the archive that they came in, without a folder",
        rated(
            RATINGS,
            **{"ml.zip": zipped({"ratings.csv": OTHER, "movies.csv": MOVIES})},
        ),
        error="ratings.csv of ml.zip and ratings.csv may both be ratings.csv: move one "
        "away",
    ),
    Case(
        "MovieLens 1M beside what was made of its ratings",
        rated(RATINGS, **{"ratings.dat": DAT, "movies.dat": FILMS_DAT}),
        error=both("ratings.csv", "ratings.dat"),
    ),
    Case(
        "MovieLens 1M beside what was made of it, which is said",
        rated(
            RATINGS,
            **{
                "ratings.dat": "9::9::1::964982709\n",
                "movies.dat": FILMS_DAT,
                "columns.yml": "ratings: {file: ratings.csv}\n"
                "movies: {file: movies.csv}\n",
            },
        ),
        {"ratings.csv": TWO, "movies.csv": FILMS},
        is_copied=True,
    ),
    Case(
        "MovieLens 1M, said, beside what was made of it",
        rated(
            OTHER,
            **{
                "ratings.dat": DAT,
                "movies.dat": FILMS_DAT,
                "columns.yml": "ratings: {file: ratings.dat}\n"
                "movies: {file: movies.dat}\n",
            },
        ),
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "MovieLens 100K with titles of one's own, and links that it has not",
        {
            "u.data": "1\t1\t4.0\t964982703\n2\t2\t3.5\t964982704\n",
            "u.item": f"1|Other (1995)|01-Jan-1995||x|{'0|' * 18}0\n",
            "movies.csv": MOVIES,
            "links.csv": LINKS,
            "columns.yml": "movies: {file: movies.csv}\n",
        },
        {"ratings.csv": TWO, "movies.csv": FILMS, "links.csv": ["1,0113277,949"]},
    ),
    Case(
        "MovieLens 100K with ratings of one's own",
        {
            "u.data": "9\t9\t1.0\t964982709\n",
            "u.item": f"1|Heat (1995)|01-Jan-1995||x|{'0|' * 18}0\n",
            "ratings.csv": RATINGS,
            "columns.yml": "ratings: {file: ratings.csv}\n",
        },
        {"ratings.csv": TWO, "movies.csv": ["1,Heat (1995),(no genres listed)"]},
    ),
    Case(
        "MovieLens 100K beside ratings of another set",
        {
            "u.data": "1\t1\t4\t964982703\n",
            "u.item": f"1|Café (1995)|01-Jan-1995||x|{'0|' * 18}0\n",
            "ratings.csv": OTHER,
        },
        error=both("ratings.csv", "u.data"),
    ),
    Case(
        "the Netflix Prize with one file plain and packed",
        {
            "combined_data_1.txt": BLOCK,
            "combined_data_1.txt.gz": gzip.compress(BLOCK.encode()),
            "movie_titles.csv": "1,2003,Dinosaur Planet\n",
        },
        error="{folder}/combined_data_1.txt and {folder}/combined_data_1.txt.gz may be "
        "the same part twice: move one away",
    ),
    Case(
        "the Netflix Prize in its first form and in Kaggle's",
        {
            "combined_data_1.txt": BLOCK,
            "mv_0000001.txt": BLOCK,
            "movie_titles.csv": "1,2003,Dinosaur Planet\n",
        },
        error="combined_data_1.txt and mv_0000001.txt may both hold all ratings of the "
        "Netflix Prize: move one kind away",
    ),
    Case(
        "the titles of the Netflix Prize twice, one file said",
        {
            "combined_data_1.txt": BLOCK,
            "movie_titles.csv": "1,2003,Other\n",
            "movie_titles.txt": "1,2003,Dinosaur Planet\n",
            "columns.yml": "movies: {file: movie_titles.txt}\n",
        },
        {
            "ratings.csv": ["1488844,1,3,1125964800"],
            "movies.csv": ["1,Dinosaur Planet (2003),(no genres listed)"],
        },
        ["ratings.csv: times have no zone: read as UTC"],
    ),
    Case(
        "RecBole's file beside one of the usual name",
        rated(RATINGS, **{"films.inter": "user_id\titem_id\ttimestamp\n1\t1\t5\n"}),
        error=both("ratings.csv", "films.inter"),
    ),
    Case(
        "a file that is said to be another one",
        {
            "ratings.csv": RATINGS,
            "reviews.csv": MOVIES,
            "columns.yml": "movies: {file: reviews.csv}\n",
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "events beside ratings, and artists beside movies, which say less",
        rated(
            RATINGS,
            **{
                "clicks.csv": "user,item,time\n1,1,5\n",
                "views.csv": "user,item,time\n1,1,5\n",
                "artists.csv": "id,name\n1,Al Pacino\n",
            },
        ),
        {"ratings.csv": TWO, "movies.csv": FILMS},
        [
            "ratings.csv: left out: clicks.csv and views.csv",
            "movies.csv: left out: artists.csv",
        ],
        is_copied=True,
    ),
    Case(
        "ratings said where events are beside, of which nothing is said then",
        rated(
            RATINGS,
            **{
                "clicks.csv": "user,item,time\n1,1,5\n",
                "columns.yml": "ratings: {file: ratings.csv}\n",
            },
        ),
        {"ratings.csv": TWO},
        is_copied=True,
    ),
    Case(
        "columns.yml beside columns.yaml",
        rated(
            RATINGS,
            **{"columns.yml": "time: seconds\n", "columns.yaml": "time: iso\n"},
        ),
        error="{folder}/columns.yml and {folder}/columns.yaml may both say what the "
        "columns mean: move one away, or name one with --columns",
    ),
]
