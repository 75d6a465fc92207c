"""More of the corpus: files as programs export them and as people keep them.

Each was read wrong, or refused with a sentence that did not help.
"""

from corpus import RATINGS, TWO, Case, filmed, rated, said
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

CASES = [*VALUES]
