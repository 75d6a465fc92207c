"""Files and folders as people have them, with what must become of each.

Rows are made up; where a case comes from is said at each.
"""

import gzip
import io
import zipfile
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import parquet

RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n2,2,3.5,964982704\n"
MOVIES = "movieId,title,genres\n1,Heat (1995),Action|Crime\n2,Café (2001),Drama\n"
TWO = ["1,1,4.0,964982703", "2,2,3.5,964982704"]
FILMS = ["1,Heat (1995),Action|Crime", "2,Café (2001),Drama"]


@dataclass(frozen=True)
class Case:
    """What is brought, and the lines below the header of each landing file.

    `brought` is the file to name instead of the folder; `says` are all that is said,
    and `error` is the sentence, `{folder}` standing for the folder.
    """

    name: str
    files: dict[str, str | bytes]
    lands: dict[str, list[str]] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    error: str = ""
    brought: str = ""
    encoding: str | None = None
    is_copied: bool = False


def rated(text, **more):
    """Return files of ratings with this text, beside the usual movies."""
    return {"ratings.csv": text, "movies.csv": MOVIES, **more}


def filmed(text):
    return {"ratings.csv": RATINGS, "movies.csv": text}


def said(columns, text, **more):
    return rated(text, **{"columns.yml": columns, **more})


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def parquet_of(**columns):
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


FLAGS = "0|" * 18 + "0"
KAGGLE = (
    "adult,genres,id,imdb_id,original_title,overview,release_date,title\n"
    "False,\"[{'id': 80, 'name': 'Crime'}, {'id': 28, 'name': 'Action'}]\",949,"
    'tt0113277,Heat,"Two men,\n""one"" street.",1995-12-15,Heat\n'
    "False,[],4,tt1,Les Cafés,,2001-02-03,Cafés\n"
    "False,[],5,tt2,Unlinked,,2003-02-03,Unlinked\n"
    " - Written by hand,0.065,/ff.jpg,1\n"
)
TEXT_IDS = (
    ", and ids must be whole numbers up to 2147483647 yet: number them, and keep the "
    "list of which is which"
)

COLUMNS = [
    Case("the landing layout", rated(RATINGS), {"ratings.csv": TWO}, is_copied=True),
    Case(
        "the landing layout with CRLF and a byte order mark, as Excel saves it",
        rated("\ufeff" + RATINGS.replace("\n", "\r\n")),
        {"ratings.csv": TWO},
        is_copied=True,
    ),
    Case(
        "columns in another order, and more of them",
        rated(
            "timestamp,rating,device,userId,movieId,ip\n"
            "964982703,4.0,tv,1,1,x\n964982704,3.5,web,2,2,y\n"
        ),
        {"ratings.csv": TWO},
        ["ratings.csv: ignored: device, ip"],
    ),
    Case(
        "names of a shop's database",
        rated("user_id,item_id,score,ts\n1,1,4.0,964982703\n2,2,3.5,964982704\n"),
        {"ratings.csv": TWO},
    ),
    Case(
        "names with spaces and capitals, and ISO times without a zone",
        rated(
            "User ID,Movie-ID,Stars,Date\n"
            "1,1,4.0,2000-07-30 18:45:03\n2,2,3.5,2000-07-30T18:45:04\n"
        ),
        {"ratings.csv": TWO},
        ["ratings.csv: times have no zone: read as UTC"],
    ),
    Case(
        "names of a RecBole file",  # recbole.io, atomic files
        {
            "films.inter": "user_id:token\titem_id:token\trating:float\t"
            "timestamp:float\n1\t1\t4.0\t964982703\n2\t2\t3.5\t964982704.0\n",
            "films.item": "item_id:token\tmovie_title:token_seq\trelease_year:token\t"
            "class:token_seq\n1\tHeat\t1995\tAction Crime\n"
            '2\tThe "Odd" Café\t2001\tDrama\n',
        },
        {
            "ratings.csv": TWO,
            "movies.csv": [FILMS[0], '2,"The ""Odd"" Café (2001)",Drama'],
        },
    ),
    Case(
        "the index that pandas writes",  # pandas-dev/pandas 9295
        rated(
            ",userId,movieId,rating,timestamp\n"
            "0,1,1,4.0,964982703\n1,2,2,3.5,964982704\n"
        ),
        {"ratings.csv": TWO},
        ["ratings.csv: ignored: (no name)"],
    ),
    Case(
        "R's row names, for which the header has no name",  # pandas 38830
        rated('"userId","movieId","rating","timestamp"\n"1",1,1,4.0,964982703\n'),
        error="{folder}/ratings.csv: the header has 4 names, but the lines have 5 "
        "fields (line 2: '\"1\",1,1,4.0,964982703'): name the first column, too, if it "
        "holds row names (in R: row.names = FALSE), or remove a delimiter at the end "
        "of the lines",
    ),
    Case(
        "a comma at the end of each line",  # pandas 15203
        rated("userId,movieId,rating,timestamp\n1,1,4.0,964982703,\n"),
        error="{folder}/ratings.csv: the header has 4 names, but the lines have 5 "
        "fields (line 2: '1,1,4.0,964982703,'): name the first column, too, if it "
        "holds row names (in R: row.names = FALSE), or remove a delimiter at the end "
        "of the lines",
    ),
    Case(
        "two columns that may be the user",
        rated("user_id,account_id,movieId,rating,timestamp\n1,7,1,4.0,964982703\n"),
        error="{folder}/ratings.csv: the columns user_id and account_id may both be "
        "the user: say which in columns.yml beside the data: "
        "`ratings: {columns: {user: user_id}}`",
    ),
    Case(
        "the same, said in columns.yml",
        said(
            "ratings: {columns: {user: account_id}}\n",
            "user_id,account_id,movieId,rating,timestamp\n1,7,1,4.0,964982703\n",
        ),
        {"ratings.csv": ["7,1,4.0,964982703"]},
        ["ratings.csv: ignored: user_id"],
    ),
    Case(
        "a name that nobody could know",
        rated("userId,movieId,mark,timestamp\n1,1,4.0,964982703\n"),
        error="{folder}/ratings.csv has no column of the rating (its header has "
        "userId, movieId, mark, timestamp), such as rating, ratings, userRating, "
        "yourRating: name it in columns.yml beside the data: "
        "`ratings: {columns: {rating: NAME}}`",
    ),
    Case(
        "a column of columns.yml that is not there",
        said(
            "ratings: {columns: {rating: marks}}\n",
            "userId,movieId,mark,timestamp\n1,1,4.0,964982703\n",
        ),
        error="{folder}/ratings.csv: columns.yml says that rating is the column "
        "'marks', but the header has userId, movieId, mark, timestamp: name one of "
        "these",
    ),
    Case(
        "a misspelt key of columns.yml",
        said("ratings: {delimeter: ';'}\n", RATINGS),
        error="{folder}/columns.yml, ratings: there is no key 'delimeter': did you "
        "mean delimiter? Keys are file, columns, delimiter, encoding, quotes, time, "
        "decimal, genres, scale",
    ),
    Case(
        "a misspelt file of columns.yml",
        said("rating: {delimiter: ';'}\n", RATINGS),
        error="{folder}/columns.yml: there is no key 'rating': did you mean ratings? "
        "Keys are ratings, movies, tags, links, users, delimiter, encoding, quotes, "
        "time, decimal",
    ),
    Case(
        "no header",
        rated("1,1,4.0,964982703\n2,2,3.5,964982704\n"),
        error="{folder}/ratings.csv starts with the line '1,1,4.0,964982703', but a "
        "header such as 'userId,movieId,rating,timestamp' is expected: make that its "
        "first line, or name the columns in order in columns.yml beside the data: "
        "`ratings: {columns: [user, item, rating, time]}`",
    ),
    Case(
        "no header, and the columns said in order",
        said(
            "ratings: {columns: [item, user, '-', rating, time]}\n",
            "1,1,x,4.0,964982703\n2,2,x,3.5,964982704\n",
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "a header alone that was changed, as an earlier message advised",  # case 03 b
        rated("userId,movieId,rating,timestamp\n1;58;3,5;964982703\n"),
        error="{folder}/ratings.csv: the header has commas between its names, but the "
        "lines have semicolons between their fields, and decimals commas (line 2: "
        "'1;58;3,5;964982703'): make the header 'userId;movieId;rating;timestamp'",
    ),
    Case(
        "a page of an error saved as ratings.csv",
        rated("<!DOCTYPE html>\n<html><body>404</body></html>\n"),
        error="{folder}/ratings.csv starts with the line '<!DOCTYPE html>', but a "
        "header such as 'userId,movieId,rating,timestamp' is expected: make that its "
        "first line, or name the columns in order in columns.yml beside the data: "
        "`ratings: {columns: [user, item, rating, time]}`",
    ),
    Case(
        "the header again, as files were joined",
        rated(
            "user_id,movieId,rating,timestamp\n1,1,4.0,964982703\n"
            "user_id,movieId,rating,timestamp\n2,2,3.5,964982704\n"
        ),
        error="{folder}/ratings.csv holds the header "
        "'user_id,movieId,rating,timestamp' again in line 3, as if files had been "
        "joined: keep only the first one",
    ),
]

TEXTS = [
    Case(
        "semicolons, decimal commas, CRLF and a mark, as Excel saves it",  # case 03 a
        rated(
            "\ufeffuserId;movieId;rating;timestamp\r\n"
            "1;1;4,0;964982703\r\n2;2;3,5;964982704\r\n"
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "tabs",
        {
            "ratings.tsv": RATINGS.replace(",", "\t"),
            "movies.tsv": MOVIES.replace(",", "\t"),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
    Case(
        "bars, and commas between genres",
        {
            "ratings.psv": RATINGS.replace(",", "|"),
            "movies.psv": "movieId|title|genres\n1|Heat (1995)|Action, Crime\n"
            "2|Café (2001)|Drama, Family\n",
        },
        {"movies.csv": ["1,Heat (1995),Action|Crime", "2,Café (2001),Drama|Family"]},
        ["movies.csv: genres are divided at commas"],
    ),
    Case(
        "colons with a header",
        rated(RATINGS.replace(",", "::")),
        {"ratings.csv": TWO},
    ),
    Case(
        "every field in quotes",  # R's write.csv, phpMyAdmin
        rated(
            '"userId","movieId","rating","timestamp"\n'
            '"1","1","4.0","964982703"\n"2","2","3.5","964982704"\n',
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "lines that end with CR alone",
        rated(RATINGS.replace(",timestamp", ",time").replace("\n", "\r")),
        {"ratings.csv": TWO},
    ),
    Case(
        "UTF-16, as SQL Server's and Excel's Unicode text",
        rated(RATINGS.encode("utf-16")),
        error="{folder}/ratings.csv is not UTF-8: line 1 begins as UTF-16 does; read "
        "it as that with `--encoding utf-16`, or save the file as UTF-8",
    ),
    Case(
        "UTF-16 without a mark",
        rated(RATINGS.encode("utf-16-le")),
        error="{folder}/ratings.csv is not UTF-8: line 1 begins as UTF-16 does; read "
        "it as that with `--encoding utf-16-le`, or save the file as UTF-8",
    ),
    Case(
        "UTF-16, read when asked",
        {
            "ratings.csv": RATINGS.encode("utf-16"),
            "movies.csv": MOVIES.encode("utf-16"),
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
        encoding="utf-16",
    ),
    Case(
        "Latin-1",
        filmed(MOVIES.encode("latin-1")),
        error="{folder}/movies.csv is not UTF-8: line 3 holds the byte 0xe9, as in "
        "Latin-1; read it as that with `--encoding latin-1`, or save the file as UTF-8 "
        "(iconv -f LATIN1 -t UTF-8)",
    ),
    Case(
        "Latin-1, read when asked",
        filmed(MOVIES.encode("latin-1")),
        {"movies.csv": FILMS, "ratings.csv": TWO},
        encoding="latin-1",
    ),
    Case(
        "Windows-1252, said in columns.yml of one file",
        filmed("movieId,title,genres\n1,“Heat” €,\n".encode("cp1252"))
        | {"columns.yml": "movies: {encoding: cp1252}\n"},
        {"movies.csv": ["1,“Heat” €,(no genres listed)"]},
    ),
    Case(
        "an encoding that there is not",
        rated(RATINGS),
        error="there is no encoding 'latin-99': take utf-8, latin-1, cp1252, utf-16 or "
        "another that Python knows",
        encoding="latin-99",
    ),
    Case(
        "backslashes before quotes",  # databricks/spark-csv 466, case 06
        filmed(
            'movieId,title,genres\n118,"The \\"Quiet\\" Hour (1987)",Drama\n'
            '119,"Say \\"Yes\\", Then Go (1993)",Comedy|Romance\n'
            '120,"\\"Encore\\" (2004)",Drama\n'
        ),
        {
            "movies.csv": [
                '118,"The ""Quiet"" Hour (1987)",Drama',
                '119,"Say ""Yes"", Then Go (1993)",Comedy|Romance',
                '120,"""Encore"" (2004)",Drama',
            ]
        },
    ),
    Case(
        "a backslash at the end of a title, and a quote that closes after it",
        filmed(
            'movie_id,title,genres\n1,"Back\\",Drama\n2,"a\\"",Drama\n3,C:\\x,Drama\n'
        ),
        {
            "movies.csv": [
                "1,Back\\,Drama",
                '2,"a""",Drama',
                "3,C:\\x,Drama",
            ]
        },
    ),
    Case(
        "quotes that two ways of writing read differently",
        filmed('movie_id,title,genres\n1,"C:\\""x",Drama\n2,Heat,Drama\n'),
        {
            "movies.csv": [
                '!a quote after a backslash\t1,"C:\\""x",Drama',
                "2,Heat,Drama",
            ]
        },
    ),
    Case(
        "quotes in the middle of a title, and one that is never closed",  # case 07
        filmed(
            "movie_id,title,genres\n1,The 5' 10\" Man (2001),Drama\n"
            '2,"Open (1999),Drama\n3,Heat (1995),Crime\n4,Last (1990),Drama\n'
        ),
        {
            "movies.csv": [
                '1,"The 5\' 10"" Man (2001)",Drama',
                '!quotes that do not pair\t2,"Open (1999),Drama',
                "3,Heat (1995),Crime",
                "4,Last (1990),Drama",
            ]
        },
    ),
    Case(
        "line ends inside quotes",  # Kaggle's descriptions
        filmed('movie_id,title,genres\n1,"Two\r\nLines",Drama\n2,Heat (1995),\n'),
        {"movies.csv": ["1,Two Lines,Drama", "2,Heat (1995),(no genres listed)"]},
    ),
    Case(
        "line ends inside quotes in the landing layout, which is only copied",  # 07
        filmed('movieId,title,genres\n1,"Two\nLines",Drama\n2,Heat (1995),Drama\n'),
        {"movies.csv": ['1,"Two', 'Lines",Drama', "2,Heat (1995),Drama"]},
        is_copied=True,
    ),
    Case(
        "lines with too few and too many fields",
        rated(
            "user_id,movie_id,rating,timestamp,x\n1,1,4.0,964982703,a\n"
            "1,2,4.0\n2,2,3.5,964982704,b\n1,1,4,0,964982703,a\n"
        ),
        {
            "ratings.csv": [
                TWO[0],
                "!5 fields expected, 3 found\t1,2,4.0",
                TWO[1],
                "!5 fields expected, 6 found\t1,1,4,0,964982703,a",
            ]
        },
        ["ratings.csv: ignored: x"],
    ),
    Case(
        "values that are none stay for staging to reject, thousands too",
        rated(
            "user_id,movie_id,rating,timestamp\n1,1,4.0,964982703\n,2,3,964982703\n"
            "2,x,3,964982703\n1.000,1,2,964982703\n2,1,abc,964982703\n2,2,NaN,964982703\n"
            '2,1,"4,5",964982703\n'
        ),
        {
            "ratings.csv": [
                TWO[0],
                ",2,3,964982703",
                "2,x,3,964982703",
                "1.000,1,2,964982703",
                "2,1,abc,964982703",
                "2,2,NaN,964982703",
                '2,1,"4,5",964982703',
            ]
        },
    ),
]

VALUES = [
    Case(
        "whole numbers with a decimal part of nought",  # pandas 28335, 20717
        rated(
            "userId,movieId,rating,timestamp\n"
            "1.0,1.0,4.0,964982703.0\n2.0,2.0,3.5,964982704.0\n",
        )
        | {"links.csv": "movieId,imdbId,tmdbId\n1,0113277,949.0\n2,0113278,\n"},
        {"ratings.csv": TWO, "links.csv": ["1,0113277,949", "2,0113278,"]},
    ),
    Case(
        "MySQL's nulls and IMDb's ids in links",
        rated(RATINGS) | {"links.csv": "movie_id,imdb,tmdb\n1,tt0113277,\\N\n"},
        {"links.csv": ["1,0113277,"]},
    ),
    Case(
        "ids over 32 bits land, and staging says so",  # SPARK-10158, case 13
        rated("userId,movieId,rating,timestamp\n76561197960265825,58,3.5,1500086400\n"),
        {"ratings.csv": ["76561197960265825,58,3.5,1500086400"]},
        is_copied=True,
    ),
    Case(
        "times in milliseconds",
        rated(
            "userId,movieId,rating,timestamp\n"
            "1,1,4.0,964982703999\n2,2,3.5,964982704000\n",
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "times with zones, and one that is none",
        rated(
            "userId,movieId,rating,timestamp\n1,1,4.0,2000-07-30T20:45:03+02:00\n"
            "2,2,3.5,2000-07-30T18:45:04.5Z\n2,1,3.5,2000-07-30 18:45:04 UTC\n"
            "1,2,3.5,yesterday\n1,2,3.0,2000-13-30T20:45:03Z\n",
        ),
        {
            "ratings.csv": [
                *TWO,
                "2,1,3.5,964982704",
                "!timestamp 'yesterday' is not ISO 8601\t1,2,3.5,yesterday",
                "!timestamp '2000-13-30T20:45:03Z' is not ISO 8601\t"
                "1,2,3.0,2000-13-30T20:45:03Z",
            ]
        },
    ),
    Case(
        "days first or months first",
        rated("userId,movieId,rating,date\n1,1,4.0,01/02/2003\n"),
        error="{folder}/ratings.csv: times such as '01/02/2003' can be read in more "
        "than one way: say how in columns.yml beside the data: `ratings: {time: ...}`, "
        "with seconds, milliseconds, iso, or a form such as '%d/%m/%Y'",
    ),
    Case(
        "days first, said in columns.yml",
        said(
            "ratings: {time: '%d/%m/%Y'}\n",
            "userId,movieId,rating,date\n1,1,4.0,01/02/2003\n1,2,4.0,31/31/2003\n",
        ),
        {
            "ratings.csv": [
                "1,1,4.0,1044057600",
                "!timestamp '31/31/2003' is not %d/%m/%Y\t1,2,4.0,31/31/2003",
            ]
        },
    ),
    Case(
        "seconds beside milliseconds",
        rated(
            "userId,movieId,rating,timestamp\n"
            "1,1,4.0,964982703\n2,2,3.5,964982704000\n",
        ),
        error="{folder}/ratings.csv: times such as '964982704000' beside seconds can "
        "be read in more than one way: say how in columns.yml beside the data: "
        "`ratings: {time: ...}`, with seconds, milliseconds, iso, or a form such as "
        "'%d/%m/%Y'",
    ),
    Case(
        "no times",
        rated("user,item,rating\n1,1,4.0\n"),
        error="{folder}/ratings.csv has no column of times (its header has user, item, "
        "rating): name it, or say that there is none, in columns.yml beside the data: "
        "`ratings: {time: none}`",
    ),
    Case(
        "no times, said in columns.yml",
        said("ratings: {time: none}\n", "user,item,rating\n1,1,4.0\n"),
        {"ratings.csv": ["1,1,4.0,0"]},
    ),
    Case(
        "ratings from 1 to 10",
        rated("userId,movieId,rating,timestamp\n1,1,9,964982703\n2,2,1,964982704\n"),
        {"ratings.csv": ["1,1,9,964982703", "2,2,1,964982704"]},
        [
            "ratings.csv: ratings go from 1 to 10: build with --vars "
            "'{rating_min: 1, rating_max: 10, like_threshold: 8}'"
        ],
        is_copied=True,
    ),
    Case(
        "thumbs",  # Surprise 412, case 17
        rated("userId,movieId,rating,timestamp\n1,1,1,964982703\n2,2,0,964982704\n"),
        {"ratings.csv": ["1,1,1,964982703", "2,2,0,964982704"]},
        [
            "ratings.csv: ratings go from 0 to 1: build with --vars "
            "'{rating_min: 0, rating_max: 1, like_threshold: 1}'"
        ],
        is_copied=True,
    ),
    Case(
        "a scale said in columns.yml",
        said(
            "ratings: {scale: [1, 6]}\n",
            "userId,movieId,rating,timestamp\n1,1,3,964982703\n",
        ),
        {"ratings.csv": ["1,1,3,964982703"]},
        [
            "ratings.csv: ratings go from 1 to 6: build with --vars "
            "'{rating_min: 1, rating_max: 6, like_threshold: 5}'"
        ],
    ),
    Case(
        "UUIDs",
        rated(
            "userId,movieId,rating,timestamp\n"
            "8c6f1a52-1f6e-4d1b-9d0e-3a4a0c0d9b11,1,4.0,964982703\n"
        ),
        error="{folder}/ratings.csv: userId has ids that are texts, such as "
        "'8c6f1a52-1f6e-4d1b-9d0e-3a4a0c0d9b11'" + TEXT_IDS,
    ),
    Case(
        "a JSON export",
        {"ratings.json": "[]", "movies.json": "[]"},
        error="{folder}/ratings.json is of a kind that is not read: save it as CSV or "
        "parquet",
    ),
]

PACKED = [
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
        ["movies.csv: no titles: each movie is called by its id"],
        brought="ratings.csv",
    ),
    Case(
        "an archive with two files of ratings",
        {"all.zip": zipped({"a/ratings.csv": RATINGS, "b/ratings.csv": RATINGS})},
        error="a/ratings.csv and b/ratings.csv may both be ratings.csv: say which in "
        "columns.yml beside the data: `ratings: {file: a/ratings.csv}`",
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
        ["movies.csv: no titles: each movie is called by its id"],
        brought="ratings.csv",
    ),
    Case(
        "two files that may be the ratings",
        {"rating.csv": RATINGS, "reviews.csv": RATINGS, "movies.csv": MOVIES},
        error="rating.csv and reviews.csv may both be ratings.csv: say which in "
        "columns.yml beside the data: `ratings: {file: rating.csv}`",
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
]

LAYOUTS = [
    Case(
        "MovieLens 25M and 32M, with the genome",
        rated(RATINGS)
        | {
            "tags.csv": "userId,movieId,tag,timestamp\n1,1,classic,964982703\n",
            "links.csv": "movieId,imdbId,tmdbId\n1,0113277,949\n",
            "genome-scores.csv": "movieId,tagId,relevance\n1,1,0.5\n",
            "genome-tags.csv": "tagId,tag\n1,classic\n",
        },
        {"tags.csv": ["1,1,classic,964982703"], "links.csv": ["1,0113277,949"]},
        is_copied=True,
    ),
    Case(
        "MovieLens 10M",  # MLDatasets.jl 156, case 08
        {
            "ratings.dat": "1::1::4.0::964982703\n2::2::3.5::964982704\n",
            "movies.dat": '1::Heat (1995)::Action|Crime\n2::"Odd" :: Café (2001)::\n',
            "tags.dat": '7::2::"so so"=not great::1500604800\n1::1::a::b::5\n',
        },
        {
            "ratings.csv": TWO,
            "movies.csv": [FILMS[0], '2,"""Odd"" :: Café (2001)",(no genres listed)'],
            "tags.csv": [
                '7,2,"""so so""=not great",1500604800',
                "1,1,a::b,5",
            ],
        },
    ),
    Case(
        "MovieLens 1M, saved as UTF-8",  # IGMC 23, case 09
        {
            "ratings.dat": "1::1::4.0::964982703\n2::2::3.5::964982704\n",
            "movies.dat": "1::Heat (1995)::Action|Crime\n2::Café (2001)::Drama\n",
            "users.dat": "1::F::1::10::48067\n",
        },
        {"movies.csv": FILMS, "users.csv": ["1,1,F,K-12 student,48067"]},
    ),
    Case(
        "MovieLens 1M, as it was",
        {
            "ratings.dat": "1::1::4.0::964982703\n",
            "movies.dat": "2::Café (2001)::Drama\n".encode("latin-1"),
            "users.dat": "1::F::1::10::48067\n",
        },
        {"movies.csv": FILMS[1:]},
    ),
    Case(
        "MovieLens 100K, saved as UTF-8",
        {
            "u.data": "1\t1\t4\t964982703\n",
            "u.item": f"1|Café (1995)|01-Jan-1995||x|{FLAGS}\n2|Bad|||x|1\n",
            "u.user": "1|24|M|technician|85711\n",
        },
        {
            "movies.csv": [
                "1,Café (1995),(no genres listed)",
                "!24 fields expected, 6 found\t2|Bad|||x|1",
            ],
            "users.csv": ["1,24,M,technician,85711"],
        },
    ),
    Case(
        "MovieTweetings",
        {
            "ratings.dat": "1::0113277::9::1365029107\n2::0113277::1::1365029108\n",
            "movies.dat": "0113277::Heat (1995)::Crime|Drama\n",
            "users.dat": "1::139564917\n",
        },
        {
            "ratings.csv": ["1,0113277,9,1365029107", "2,0113277,1,1365029108"],
            "movies.csv": ["0113277,Heat (1995),Crime|Drama"],
            "users.csv": [],
        },
        [
            "ratings.csv: ratings go from 1 to 10: build with --vars "
            "'{rating_min: 1, rating_max: 10, like_threshold: 8}'"
        ],
    ),
    Case(
        "Kaggle's The Movies Dataset",
        {
            "ratings.csv": RATINGS,
            "ratings_small.csv": RATINGS,
            "links.csv": "movieId,imdbId,tmdbId\n1,0113277,949.0\n2,1,4.0\n",
            "movies_metadata.csv": KAGGLE,
            "keywords.csv": "id,keywords\n",
        },
        {
            "ratings.csv": TWO,
            "movies.csv": [
                "1,Heat (1995),Crime|Action",
                "2,Cafés (2001),(no genres listed)",
                "!no movieId for id '5' in links\t"
                "False,[],5,tt2,Unlinked,,2003-02-03,Unlinked",
                "!8 fields expected, 4 found\t - Written by hand,0.065,/ff.jpg,1",
            ],
        },
        [
            "movies.csv: ignored: adult, imdb_id, original_title, overview",
        ],
    ),
    Case(
        "the Netflix Prize",
        {
            "combined_data_1.txt": "1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n",
            "combined_data_2.txt": "2:\n885013,4,2005-10-19\n885013\n",
            "movie_titles.csv": "1,2003,Dinosaur Planet\n"
            "2,NULL,Love, Caf\xe9 and More\n".encode("latin-1").decode("latin-1"),
        },
        {
            "ratings.csv": [
                "1488844,1,3,1125964800",
                "822109,1,5,1115942400",
                "885013,2,4,1129680000",
                "!4 fields expected, 2 found\t885013",
            ],
            "movies.csv": [
                "1,Dinosaur Planet (2003),(no genres listed)",
                '2,"Love, Café and More",(no genres listed)',
            ],
        },
        ["ratings.csv: times have no zone: read as UTC"],
    ),
    Case(
        "Book-Crossing",
        {
            "BX-Book-Ratings.csv": '"User-ID";"ISBN";"Book-Rating"\n'
            '"276725";"034545104X";"0"\n',
            "BX-Books.csv": '"ISBN";"Book-Title"\n"034545104X";"A \\"B\\" C"\n',
            "columns.yml": "time: none\n",
        },
        error="{folder}/BX-Book-Ratings.csv: ISBN has ids that are texts, such as "
        "'034545104X'" + TEXT_IDS,
    ),
    Case(
        "Amazon reviews, ratings only",
        rated("AH2L9G3DQHHAJ,0000000116,4.0,1019865600\n"),
        error="{folder}/ratings.csv: its first line has ids that are texts, such as "
        "'AH2L9G3DQHHAJ'" + TEXT_IDS,
    ),
    Case(
        "Amazon reviews of 2023",
        {"ratings.csv": "user_id,parent_asin,rating,timestamp\n1,0000000116,4.0,1e3\n"},
        error="{folder}/ratings.csv: parent_asin has ids that are texts, such as "
        "'0000000116'" + TEXT_IDS,
        brought="ratings.csv",
    ),
    Case(
        "IMDb's export of one person's ratings",
        {
            "ratings.csv": "Const,Your Rating,Date Rated,Title,Original Title,URL,"
            "Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,"
            "Release Date,Directors\ntt0113277,9,2012-01-01,Heat,Heat,x,Movie,8.3,170,"
            '1995,"Action, Crime",1,1995-12-15,Michael Mann\n'
        },
        {
            "ratings.csv": ["1,0113277,9,1325376000"],
            "movies.csv": ["0113277,Heat (1995),Action|Crime"],
        },
        [
            "ratings.csv: times have no zone: read as UTC; ratings go from 1 to 10: "
            "build with --vars '{rating_min: 1, rating_max: 10, like_threshold: 8}'; "
            "ignored: Original Title, URL, Title Type, IMDb Rating, Runtime "
            "(mins), Num Votes, Release Date, Directors",
            "movies.csv: genres are divided at commas",
        ],
        brought="ratings.csv",
    ),
    Case(
        "Letterboxd's export of one person's ratings",
        {
            "ratings.csv": "Date,Name,Year,Letterboxd URI,Rating\n"
            "2020-01-01,Heat,1995,https://boxd.it/2a9q,4.5\n"
        },
        error="{folder}/ratings.csv: Letterboxd URI has ids that are texts, such as "
        "'https://boxd.it/2a9q'" + TEXT_IDS,
        brought="ratings.csv",
    ),
]

CASES = [*COLUMNS, *TEXTS, *VALUES, *PACKED, *LAYOUTS]
