"""More of the corpus: files as programs export them and as people keep them.

Each was read wrong, or refused with a sentence that did not help.
"""

import gzip
import struct

import pyarrow as pa
from corpus import FILMS, MOVIES, RATINGS, TWO, Case, filmed, rated, said, zipped
from corpus import parquet_of as parquet

HEADER = "userId,movieId,rating,timestamp\n"
BY_ID = "movies.csv: no titles: each movie is called by its id"


def asked(value, beside, way):
    return (
        f"{{folder}}/ratings.csv: times such as {value!r}{beside} can be read in more "
        "than one way: say how in columns.yml beside the data: `ratings: {time: ...}`, "
        f"with seconds, milliseconds, iso, {way}"
    )


def one_rating(**columns):
    usual = {"userId": [1], "movieId": [1], "rating": [4.0], "timestamp": [964982703]}
    return parquet(**(usual | columns))


def moved(archive):
    """Return a zip archive whose members are said to begin before it."""
    end = archive.index(b"PK\5\6") + 16
    (offset,) = struct.unpack("<I", archive[end : end + 4])
    return archive[:end] + struct.pack("<I", offset + 9) + archive[end + 4 :]


def damaged(content):
    """Return a parquet file of which the first page cannot be unpacked."""
    start = content.index(struct.pack("<q", 1))
    return content[: start - 2] + b"\xff" * 10 + content[start + 8 :]


HEADERS = [
    Case(
        "the line by which Excel is told the delimiter, and a blank one",
        rated(
            "\ufeffsep=;\r\n\r\nuserId;movieId;rating;timestamp\r\n"
            "1;1;4,0;964982703\r\n2;2;3,5;964982704\r\n"
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "lines above the header",
        rated(f"# exported on Monday\n\n{RATINGS}"),
        error="{folder}/ratings.csv has its header in line 3 "
        "('userId,movieId,rating,timestamp'), below others such as "
        "'# exported on Monday': remove those above it",
    ),
    Case(
        "blank lines between all lines, as CR CR LF makes them",
        rated(RATINGS.replace("\n", "\r\r\n")),
        {"ratings.csv": TWO},
    ),
    Case(
        "files joined with a byte order mark each",
        rated(
            "user,item,rating,time\n1,1,4.0,964982703\n"
            "\ufeffuser,item,rating,time\n2,2,3.5,964982704\n"
        ),
        error="{folder}/ratings.csv holds the header 'user,item,rating,time' again in "
        "line 3, as if files had been joined: keep only the first one",
    ),
    Case(
        "a byte order mark twice, and before a line",
        rated(
            "\ufeff\ufeffuserId,movieId,rating,timestamp\n1,1,4.0,964982703\n"
            "\ufeff2,2,3.5,964982704\n"
        ),
        {"ratings.csv": TWO},
    ),
    Case(
        "a header in another language",
        rated("Benutzer;Werk;Bewertung;Zeit\n1;1;4,0;964982703\n"),
        error="{folder}/ratings.csv has no column of the user (its header has "
        "Benutzer, Werk, Bewertung, Zeit), such as user, userId, uid, customer: name "
        "it in columns.yml beside the data: `ratings: {columns: {user: NAME, item: "
        "NAME, rating: NAME, time: NAME}}`",
    ),
    Case(
        "a name that the header has twice",
        rated("userId,movieId,rating,rating,timestamp\n1,1,4.0,3.0,964982703\n"),
        error="{folder}/ratings.csv: the columns rating and rating may both be the "
        "rating: give columns names of their own, or leave one out",
    ),
    Case(
        "such a name, said in columns.yml",
        said(
            "ratings: {columns: {rating: rating}}\n",
            "userId,movieId,rating,rating,timestamp\n1,1,4.0,3.0,964982703\n",
        ),
        error="{folder}/ratings.csv: columns.yml says that rating is the column "
        "'rating', which the header has more than once: give columns names of their "
        "own",
    ),
    Case(
        "columns of the landing layout that mean something else",
        said(
            "ratings: {columns: {user: movieId, item: userId}}\n",
            f"{HEADER}1,7,4.0,964982703\n",
        ),
        {"ratings.csv": ["7,1,4.0,964982703"]},
    ),
    Case(
        "no times, said of a file in the landing layout",
        said("ratings: {time: none}\n", f"{HEADER}1,1,4.0,7\n"),
        {"ratings.csv": ["1,1,4.0,0"]},
        ["ratings.csv: ignored: timestamp"],
    ),
    Case(
        "columns said in order of a file with a header",
        said("ratings: {columns: [item, user, rating, time]}\n", RATINGS),
        error="{folder}/ratings.csv has the header 'userId,movieId,rating,timestamp', "
        "and a list of columns in columns.yml is for a file without one: leave the "
        "list out, or name columns as `columns: {user: NAME}`",
    ),
    Case(
        "fewer columns said than there are",
        said("ratings: {columns: [user, item, rating, time]}\n", "1,1,4,964982703,x\n"),
        error="{folder}/ratings.csv: columns.yml names 4 columns, but the lines have 5 "
        "fields (line 1: '1,1,4,964982703,x'): name each in order, with '-' for what "
        "is of no use",
    ),
    Case(
        "a column said twice",
        said("ratings: {columns: [user, user, rating, time]}\n", "1,1,4,964982703\n"),
        error="{folder}/columns.yml, ratings: columns has user more than once: write "
        "'-' for what is of no use",
    ),
    Case(
        "another delimiter said than there is",
        said("delimiter: semicolon\n", RATINGS),
        error="{folder}/ratings.csv is said to have semicolons between its fields, but "
        "its first line has commas ('userId,movieId,rating,timestamp'): mend "
        "`delimiter` in columns.yml, where each file may have its own, or --delimiter",
    ),
    Case(
        "two files said to be one",
        said("ratings: {file: [a.csv, b.csv]}\n", RATINGS),
        error="{folder}/columns.yml, ratings: file is ['a.csv', 'b.csv']: it takes one "
        "value, no list",
    ),
    Case(
        "a date in columns.yml that there is not",
        said("ratings: {time: 0000-00-00}\n", RATINGS),
        error="{folder}/columns.yml cannot be read as YAML: year 0 is out of range",
    ),
    Case(
        "columns.yaml",
        {
            "ratings.csv": "userId,movieId,mark,timestamp\n1,1,4.0,964982703\n",
            "movies.csv": MOVIES,
            "columns.yaml": "ratings: {columns: {rating: mark}}\n",
        },
        {"ratings.csv": TWO[:1]},
    ),
]

TEXTS = [
    Case(
        "spaces before quotes",
        filmed(
            'movieId,title,genres\n1, "Heat, Live (1995)", "Crime"\n'
            '2, "So ""X"", a Film", Drama\n3, "A" and B,Drama\n'
        ),
        {
            "movies.csv": [
                '1,"Heat, Live (1995)",Crime',
                '2,"So ""X"", a Film",Drama',
                '3,"""A"" and B",Drama',
            ]
        },
    ),
    Case(
        "spaces around the numbers of the landing layout",
        rated(f"{HEADER}1, 1, 4.0, 964982703\n2, 2, 3.5, 964982704\n"),
        {"ratings.csv": TWO},
    ),
    Case(
        "single quotes around numbers",
        rated("userId,movieId,rating,timestamp\n'1','1','4.0','964982703'\n"),
        error="{folder}/ratings.csv: userId has values in single quotes, such as '1', "
        "which would be taken for a part of them: write double quotes",
    ),
    Case(
        "single quotes around titles alone",
        filmed("movieId,title,genres\n1,'Heat (1995)','Crime'\n2,'X','Drama'\n"),
        error="{folder}/movies.csv: title has values in single quotes, such as 'Heat "
        "(1995)', which would be taken for a part of them: write double quotes",
    ),
    Case(
        "a title of 200,000 characters in quotes",
        filmed(f'movie_id,title,genres\n1,"{"x" * 200_000}",Drama\n'),
        {"movies.csv": [f"1,{'x' * 200_000},Drama"]},
    ),
    Case(
        "commas in most titles, and no quotes",
        filmed("movieId,title,genres\n1,Heat, Live (1995),Crime\n"),
        error="{folder}/movies.csv: the header has 3 names, but the lines have 4 "
        "fields (line 2: '1,Heat, Live (1995),Crime'): name the first column, too, if "
        "it holds row names (in R: row.names = FALSE), or remove a delimiter at the "
        "end of the lines; or put titles that hold a delimiter into double quotes",
    ),
    Case(
        "UTF-8, and Latin-1 was asked for",
        rated(RATINGS),
        error="{folder}/movies.csv is UTF-8 (line 3), and iso8859-1 was asked for: "
        "name each file's encoding in columns.yml, such as `movies: {encoding: "
        "iso8859-1}`, or save it as UTF-8",
        encoding="latin-1",
    ),
    Case(
        "UTF-8, and UTF-16 was asked for",
        rated(RATINGS),
        error="{folder}/ratings.csv is UTF-8 (line 1), and utf-16 was asked for: name "
        "each file's encoding in columns.yml, such as `movies: {encoding: utf-16}`, or "
        "save it as UTF-8",
        encoding="utf-16",
    ),
    Case(
        "an encoding of names of hosts",
        rated(RATINGS),
        error="there is no encoding 'idna': take utf-8, latin-1, cp1252, utf-16 or "
        "another that Python knows",
        encoding="idna",
    ),
    Case(
        "bytes of Latin-1 far down in a file",
        filmed(
            MOVIES.encode()
            + b"".join(b"%d,Movie %d (2000),Drama\n" % (i, i) for i in range(3, 20_000))
            + b"20000,Caf\xe9,Drama\n"
        ),
        error="{folder}/movies.csv is not UTF-8: line 20001 holds the byte 0xe9, as in "
        "Latin-1; read it as that with `--encoding latin-1`, or save the file as UTF-8 "
        "(iconv -f LATIN1 -t UTF-8)",
    ),
    Case(
        "blank lines alone",
        rated("\r\n  \r\n"),
        error="{folder}/ratings.csv holds blank lines alone: it needs at least the "
        "header userId,movieId,rating,timestamp",
    ),
    Case(
        "zero bytes alone",
        rated("\0" * 64),
        error="{folder}/ratings.csv holds nothing but zero bytes, as a copy that was "
        "cut off: copy it again",
    ),
    Case(
        "ratings.dat with a byte order mark, as an editor saves it",
        {
            "ratings.dat": "\ufeff1::1::4.0::964982703\n2::2::3.5::964982704\n",
            "movies.dat": "\ufeff1::Heat (1995)::Action|Crime\n2::Café (2001)::Drama\n",
        },
        {"ratings.csv": TWO, "movies.csv": FILMS},
    ),
]

VALUES = [
    Case(
        "decimal commas in quotes, as spreadsheets write them",
        rated(f'{HEADER}1,1,"4,0",964982703\n2,2,"3,5",964982704\n'),
        {"ratings.csv": TWO},
    ),
    Case(
        "ratings with what they are out of",
        rated(f"{HEADER}1,1,4/5,964982703\n2,2,3/5,964982704\n"),
        error="{folder}/ratings.csv: rating has values that are no numbers, such as "
        "'4/5': write each rating as one number, such as 4.5, or 1 and 0 for thumbs",
    ),
    Case(
        "ids as a spreadsheet shortens them",
        rated(f"{HEADER}1e5,1,4.0,964982703\n2e5,1,3.5,964982704\n"),
        error="{folder}/ratings.csv: userId has ids such as '1e5', as spreadsheets and "
        "R write large numbers, and digits may be lost: write them as whole numbers",
    ),
    Case(
        "nulls and IMDb's ids in the landing layout",
        rated(RATINGS)
        | {
            "links.csv": "movieId,imdbId,tmdbId\n1,tt0113277,\\N\n2,nan,NULL\n",
            "users.csv": "userId,age,gender,occupation,zip\n1,NULL,F,x,02139\n",
        },
        {"links.csv": ["1,0113277,", "2,,"], "users.csv": ["1,,F,x,02139"]},
    ),
    Case(
        "seconds with fractions, as Python's time.time()",
        rated(f"{HEADER}1,1,4.0,964982703.25\n2,2,3.5,964982704.75\n"),
        {"ratings.csv": TWO},
    ),
    Case(
        "nanoseconds, as pandas makes whole numbers of times",
        rated(f"{HEADER}1,1,4.0,964982703000000000\n2,2,3.5,964982704000000001\n"),
        {"ratings.csv": TWO},
    ),
    Case(
        "ISO times as PostgreSQL, Ruby and the basic format have them",
        rated(
            f"{HEADER}1,1,4.0,2000-07-30 20:45:03.123456+02\n"
            "2,2,3.5,2000-07-30 20:45:04 +0200\n3,2,3.5,20000730T184505Z\n"
        ),
        {"ratings.csv": [*TWO, "3,2,3.5,964982705"]},
    ),
    Case(
        "times of which some have a zone",
        rated(f"{HEADER}1,1,4.0,2000-07-30T18:45:03\n2,2,3.5,2000-07-30T20:45:04+02\n"),
        {"ratings.csv": TWO},
        ["ratings.csv: some times have no zone: read as UTC"],
    ),
    Case(
        "-1 for what was seen and not rated, as sets of anime have it",
        rated(f"{HEADER}1,1,-1,964982703\n2,2,10,964982704\n2,1,3,964982704\n"),
        {
            "ratings.csv": [
                "1,1,-1,964982703",
                "2,2,10,964982704",
                "2,1,3,964982704",
            ]
        },
        [
            "ratings.csv: -1 is read as a rating; if it stands for none, say so in "
            "columns.yml beside the data: `ratings: {scale: [1, 10]}`; ratings go from "
            "-10 to 10: build with --vars '{rating_min: -10, rating_max: 10, "
            "like_threshold: 6}'"
        ],
    ),
    Case(
        "dates written as whole numbers",
        rated(f"{HEADER}1,1,4.0,20030405\n2,2,3.5,20030406\n"),
        error=asked("20030405", "", "or a form such as '%Y%m%d'"),
    ),
    Case(
        "years",
        rated("userId,movieId,rating,date\n1,1,4.0,2003\n"),
        error=asked("2003", "", "or a form such as '%Y'"),
    ),
    Case(
        "times of 14 digits",
        rated("userId,movieId,rating,date\n1,1,4.0,20030405060708\n"),
        error=asked("20030405060708", "", "or a form such as '%Y%m%d%H%M%S'"),
    ),
    Case(
        "days since 1900, as a spreadsheet counts them",
        rated("userId,movieId,rating,date\n1,1,4.0,37716.25\n2,1,3.0,37717\n"),
        error=asked(
            "37716.25",
            "",
            "or, if they are a spreadsheet's days, write them as yyyy-mm-dd there",
        ),
    ),
    Case(
        "seconds below a long start of milliseconds",
        rated(
            "user,item,rating,time\n"
            + "1,1,4.0,964982703000\n" * 600
            + "2,2,3.5,964982704\n"
        ),
        {
            "ratings.csv": [TWO[0]] * 600
            + ["!timestamp '964982704' is not milliseconds\t2,2,3.5,964982704"]
        },
    ),
    Case(
        "a column of times that is empty",
        rated(f"{HEADER}1,1,4.0,\n2,2,3.5,NULL\n"),
        error="{folder}/ratings.csv has no time in its first 2 records: say that there "
        "is none, in columns.yml beside the data: `ratings: {time: none}`",
    ),
    Case(
        "times said to be what they are not",
        said("time: iso\n", RATINGS),
        error="{folder}/ratings.csv: times are said to be iso, but they are such as "
        "'964982703': mend `time` in columns.yml, or --time",
    ),
    Case(
        "genres as lists of JSON and of PostgreSQL",
        filmed(
            'movieId,title,genres\n1,A,"[""Sci\\u002dFi"", ""B\\/C""]"\n'
            '2,B,"[{""name"": ""Drama"", ""adult"": null}]"\n'
            '3,C,"{Drama,""Film Noir""}"\n'
        ),
        {"movies.csv": ["1,A,Sci-Fi|B/C", "2,B,Drama", "3,C,Drama|Film Noir"]},
    ),
    Case(
        "genres with another sign between them",
        filmed("movieId,title,genres\n1,A,Drama;Crime\n"),
        {"movies.csv": ["1,A,Drama;Crime"]},
        [
            "movies.csv: genres such as 'Drama;Crime' are one each; if not, say so in "
            "columns.yml beside the data: `movies: {genres: ';'}`"
        ],
        is_copied=True,
    ),
    Case(
        "one file with titles in some of its lines, and an id below nought",
        {
            "r.csv": "user,item,title,rating,time\n1,2,,4.0,964982703\n"
            "1,2,Heat,4.0,964982703\n2,-5,,3.5,964982704\n"
        },
        {"movies.csv": ["2,Heat,(no genres listed)", "-5,-5,(no genres listed)"]},
        brought="r.csv",
    ),
]

PACKED = [
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
            "movies.parquet": parquet(movieId=[1], title=[b"Caf\xe9"]),
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

CASES = [*HEADERS, *TEXTS, *VALUES, *PACKED]
