"""Cases of the corpus: ids, ratings, times, titles and genres."""

from corpus_case import (
    HEADER,
    RATINGS,
    TWO,
    Case,
    asked,
    built_with,
    filmed,
    rated,
    said,
)

TO_TEN = built_with(rating_min=1, rating_max=10, like_threshold=8)

CASES = [
    Case(
        "whole numbers with a decimal part of zero",  # pandas 28335, 20717
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
        ["ratings.csv: ratings go from 1 to 10", TO_TEN],
        is_copied=True,
    ),
    Case(
        "thumbs",  # Surprise 412, case 17
        rated("userId,movieId,rating,timestamp\n1,1,1,964982703\n2,2,0,964982704\n"),
        {"ratings.csv": ["1,1,1,964982703", "2,2,0,964982704"]},
        [
            "ratings.csv: ratings go from 0 to 1",
            built_with(rating_min=0, rating_max=1, like_threshold=1),
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
            "ratings.csv: ratings go from 1 to 6",
            built_with(rating_min=1, rating_max=6, like_threshold=5),
        ],
    ),
    Case(
        "a JSON export",
        {"ratings.json": "[]", "movies.json": "[]"},
        error="{folder}/ratings.json is of a kind that is not read: save it as CSV or "
        "parquet",
    ),
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
            "-10 to 10",
            built_with(rating_min=-10, rating_max=10, like_threshold=6),
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
        "is none, in columns.yml beside the data: `ratings: {time: none}`, or how "
        "later ones are written, with seconds, iso or a form",
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
        "one file with titles in some of its lines, and an id below zero",
        {
            "r.csv": "user,item,title,rating,time\n1,2,,4.0,964982703\n"
            "1,2,Heat,4.0,964982703\n2,-5,,3.5,964982704\n"
        },
        {"movies.csv": ["2,Heat,(no genres listed)", "-5,-5,(no genres listed)"]},
        brought="r.csv",
    ),
]
