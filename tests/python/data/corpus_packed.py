"""Cases of the corpus: archives, parts and parquet."""

import gzip

import pyarrow as pa
from corpus_case import (
    BY_ID,
    FILMS,
    HEADER,
    MOVIES,
    RATINGS,
    TWO,
    Case,
    damaged,
    moved,
    one_rating,
    parquet_of,
    rated,
    zipped,
)

CASES = [
    Case(
        "gzip",
        {
            "ratings.csv.gz": gzip.compress(RATINGS.encode()),
            "movies.csv.gz": gzip.compress(MOVIES.encode()),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "gzip, cut off",
        {
            "ratings.csv.gz": gzip.compress(RATINGS.encode())[:-12],
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings.csv.gz is not a whole archive (Compressed file ended "
        "before the end-of-stream marker was reached): pack or fetch it again",
    ),
    Case(
        "a zip archive with a folder in it",
        {
            "ml.zip": zipped(
                {
                    "ml/ratings.csv": RATINGS,
                    "ml/movies.csv": MOVIES,
                    "ml/README.txt": "read me",
                    "__MACOSX/ml/._ratings.csv": "x",
                }
            )
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
        brought="ml.zip",
    ),
    Case(
        "zip archives of one file each, as Kaggle gives them",
        {
            "ratings.csv.zip": zipped({"ratings.csv": RATINGS}),
            "movies.csv.zip": zipped({"movies.csv": MOVIES}),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "folders of part files, as Spark writes them",  # spark-csv 176, case 05
        {
            "ratings.csv/_SUCCESS": "",
            "ratings.csv/part-00000-0f-c000.csv": "".join(
                line + "\n" for line in RATINGS.splitlines()[:2]
            ),
            "ratings.csv/part-00001-0f-c000.csv": "userId,movieId,rating,timestamp\n"
            "2,2,3.5,964982704\n",
            "movies.csv/part-00000-0f-c000.csv.gz": gzip.compress(MOVIES.encode()),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "a folder of part files alone, an empty one among them",
        {
            "ratings.csv/part-00000.csv": "",
            "ratings.csv/part-00001.csv": "userId,movieId,rating,timestamp\n",
            "ratings.csv/part-00002.csv": RATINGS,
        },
        {"ratings.csv": TWO},
        ["movies.csv: no titles: each item is called by its id"],
        brought="ratings.csv",
    ),
    Case(
        "an archive with two files of ratings",
        {"all.zip": zipped({"a/ratings.csv": RATINGS, "b/ratings.csv": RATINGS})},
        error="a/ratings.csv and b/ratings.csv may both be ratings.csv: say which in "
        "columns.yml beside the data: `ratings: {file: a/ratings.csv}`, or move one "
        "away",
        brought="all.zip",
    ),
    Case(
        "part files with different headers",
        {
            "ratings/part-00000.csv": RATINGS,
            "ratings/part-00001.csv": "userId,movieId,timestamp,rating\n",
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings/part-00001.csv has the header "
        "'userId,movieId,timestamp,rating', but that of "
        "{folder}/ratings/part-00000.csv has userId, movieId, rating, timestamp: parts "
        "of one file have one header",
    ),
    Case(
        "folders by value, as partitionBy writes them",
        {
            "ratings/year=2000/part-00000.csv": RATINGS,
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings is divided into folders such as year=2000, whose "
        "columns are in their names: write it without partitionBy",
    ),
    Case(
        "parquet",
        {
            "ratings.parquet": parquet_of(
                user_id=[1, 2],
                item_id=[1.0, 2.0],
                rating=[4.0, 3.5],
                rated_at=pa.array([964982703000, 964982704000], pa.timestamp("ms")),
            ),
            "movies.parquet": parquet_of(
                movieId=[1, 2],
                title=["Heat (1995)", "Café\n(2001)"],
                genres=[["Action", "Crime"], ["Drama"]],
            ),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "parquet that is none",
        {"ratings.parquet": b"PAR1 and no more", "movies.csv": MOVIES},
        error="{folder}/ratings.parquet is no whole parquet file (Parquet magic bytes "
        "not found in footer. Either the file is corrupted or this is not a parquet "
        "file.): write it again",
    ),
    Case(
        "one file with titles in it",
        {
            "export.csv": "customer_id,product_id,product_name,category,stars,date\n"
            "1,1,Heat (1995),Crime,4.0,2000-07-30T18:45:03Z\n"
            "2,1,Heat (1995),Crime,3.5,2000-07-30T18:45:04Z\n"
            "2,2,Café,Drama,3.5,2000-07-30T18:45:04Z\n"
        },
        {
            "ratings.csv": [TWO[0], "2,1,3.5,964982704", TWO[1]],
            "movies.csv": ["1,Heat (1995),Crime", "2,Café,Drama"],
        },
        brought="export.csv",
    ),
    Case(
        "one file of ratings and no titles",
        {"ratings.csv": RATINGS},
        {
            "ratings.csv": TWO,
            "movies.csv": ["1,1,(no genres listed)", "2,2,(no genres listed)"],
        },
        ["movies.csv: no titles: each item is called by its id"],
        brought="ratings.csv",
    ),
    Case(
        "two files that may be the ratings",
        {"rating.csv": RATINGS, "reviews.csv": RATINGS, "movies.csv": MOVIES},
        error="rating.csv and reviews.csv may both be ratings.csv: say which in "
        "columns.yml beside the data: `ratings: {file: rating.csv}`, or move one away",
    ),
    Case(
        "files of other names, said in columns.yml",
        {
            "q3.csv": RATINGS,
            "stock.csv": MOVIES,
            "columns.yml": "ratings: {file: q3.csv}\nmovies: {file: stock.csv}\n",
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "gzip under the name of a text",
        rated(gzip.compress(RATINGS.encode())),
        error="{folder}/ratings.csv is gzip, by its first bytes: let its name end with "
        ".gz",
    ),
    Case(
        "a workbook under the name of a text",
        rated(zipped({"xl/workbook.xml": "x"})),
        error="{folder}/ratings.csv is a zip archive or a workbook, by its first "
        "bytes: let its name end with .zip, or save the sheet as CSV",
    ),
    Case(
        "JSON lines under the name of a text",
        rated('{"userId":1,"movieId":1,"rating":4.0,"timestamp":964982703}\n'),
        error="{folder}/ratings.csv holds JSON, which is not read: write it as CSV or "
        "parquet",
    ),
    Case(
        "a packing that is not read",
        {"ratings.csv.bz2": b"BZh9", "movies.csv": MOVIES},
        error="{folder}/ratings.csv.bz2 is of a kind that is not read: unpack it first",
    ),
    Case(
        "archives in an archive",
        {"all.zip": zipped({"ratings.csv.zip": "PK", "movies.csv.zip": "PK"})},
        error="{folder}/all.zip holds archives in an archive (movies.csv.zip, "
        "ratings.csv.zip): unpack it first",
        brought="all.zip",
    ),
    Case(
        "an archive of Windows, with backslashes between folders",
        {"ml.zip": zipped({"ml\\ratings.csv": RATINGS, "ml\\movies.csv": MOVIES})},
        {"ratings.csv": TWO, "movies.csv": FILMS},
        brought="ml.zip",
    ),
    Case(
        "an archive that lost its beginning",
        {"ml.zip": moved(zipped({"ratings.csv": RATINGS, "movies.csv": MOVIES}))},
        error="{folder}/ml.zip (ratings.csv) is not where its archive says: pack or "
        "fetch it again",
        brought="ml.zip",
    ),
    Case(
        "an archive of nothing",
        {"ml.zip": zipped({})},
        error="{folder}/ml.zip holds no ratings.csv and no movies.csv (found: "
        "nothing): give the files these names, and headers such as "
        "'userId,movieId,rating,timestamp' and 'movieId,title,genres', or name them in "
        "columns.yml beside the data: `ratings: {file: NAME}`",
        brought="ml.zip",
    ),
    Case(
        "an archive of ratings and a note",
        {"ml.zip": zipped({"ratings.csv": RATINGS, "README.txt": "read me"})},
        error="{folder}/ml.zip: movies.csv is missing: a data set needs ratings.csv "
        "and movies.csv; found README.txt: if one is movies.csv, say so in columns.yml "
        "beside the data: `movies: {file: README.txt}`",
        brought="ml.zip",
    ),
    Case(
        "an archive with two files of ratings, one of them said",
        {
            "all.zip": zipped(
                {
                    "a/ratings.csv": RATINGS,
                    "b/ratings.csv": "userId,movieId,rating,timestamp\n1,1,1,1\n",
                    "movies.csv": MOVIES,
                }
            ),
            "columns.yml": "ratings: {file: a/ratings.csv}\n",
        },
        {"ratings.csv": TWO},
        brought="all.zip",
    ),
    Case(
        "a folder in the folder",
        {"archive/ml-25m/ratings.csv": RATINGS, "archive/ml-25m/movies.csv": MOVIES},
        error="{folder} itself holds no ratings.csv and no movies.csv, but the folder "
        "in it does: cinespark data {folder}/archive/ml-25m",
    ),
    Case(
        "files in folders of their names, as Windows unpacks Kaggle's",
        {"ratings.csv/ratings.csv": RATINGS, "movies.csv/movies.csv": MOVIES},
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "names with a space and a number, as browsers give them",
        {"ratings (1).csv": RATINGS, "movies.csv": MOVIES},
        error="{folder}/ratings.csv is missing: a data set needs ratings.csv and "
        "movies.csv; found ratings (1).csv: if one is ratings.csv, say so in "
        "columns.yml beside the data: `ratings: {file: ratings (1).csv}`",
    ),
    Case(
        "one file with another ending",
        {"Bewertungen für März.log": RATINGS},
        {"ratings.csv": TWO},
        [BY_ID],
        brought="Bewertungen für März.log",
    ),
    Case(
        "part files of a job that did not end",
        {
            "ratings.csv/part-00000.csv": RATINGS,
            "ratings.csv/_temporary/0/part-00001.csv": RATINGS,
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings.csv was not written to its end, as its folder "
        "_temporary says: write it again",
    ),
    Case(
        "a folder of parts with other names",
        {"ratings/data_0.csv": RATINGS, "movies.csv": MOVIES},
        error="{folder}/ratings is a folder without part files such as part-00000.csv: "
        "write it again, or put one file ratings.csv there",
    ),
    Case(
        "part files of ratings alone",
        {"ratings.csv/part-00000.csv": RATINGS, "ratings.csv/part-00001.csv": HEADER},
        error="{folder}/movies.csv is missing: a data set needs ratings.csv and "
        "movies.csv; ratings alone are read by `cinespark data {folder}/ratings.csv`",
    ),
    Case(
        "an archive of folders by value",
        {"all.zip": zipped({"ratings/year=2019/part-0.csv": RATINGS})},
        error="{folder}/all.zip is divided into folders such as year=2019, whose "
        "columns are in their names: write it without partitionBy",
        brought="all.zip",
    ),
    Case(
        "parquet of single precision, in parts as Dask names them",
        {
            "ratings.parquet/part.0.parquet": one_rating(
                rating=pa.array([4.1], pa.float32())
            ),
            "movies.csv": MOVIES,
        },
        {"ratings.csv": ["1,1,4.1,964982703"]},
    ),
    Case(
        "parquet with a page that was overwritten",
        {"ratings.parquet": damaged(one_rating()), "movies.csv": MOVIES},
        error="{folder}/ratings.parquet is no whole parquet file (Corrupt snappy "
        "compressed data.): write it again",
    ),
    Case(
        "parquet beside texts, as parts of one file",
        {
            "ratings/part-0.csv": RATINGS,
            "ratings/part-1.parquet": one_rating(),
            "movies.csv": MOVIES,
        },
        error="{folder}/ratings/part-0.csv and {folder}/ratings/part-1.parquet are "
        "parts of one file, and only one of them is parquet: leave out what was "
        "written at another time",
    ),
    Case(
        "parquet with bytes for texts that are not UTF-8",
        {
            "ratings.csv": RATINGS,
            "movies.parquet": parquet_of(movieId=[1], title=[b"Caf\xe9"]),
        },
        error="{folder}/movies.parquet: title holds bytes that are not UTF-8, such as "
        "b'Caf\\xe9': write it as a string",
    ),
    Case(
        "Kaggle's metadata beside links without TMDB's ids",
        {
            "ratings.csv": RATINGS,
            "links.csv": "movieId,imdbId\n1,2\n",
            "movies_metadata.csv": "id,title\n1,Heat\n",
        },
        error="{folder}/links.csv has no column of TMDB's ids, which "
        "{folder}/movies_metadata.csv has: add one that is called tmdbId",
    ),
]
