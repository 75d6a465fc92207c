"""Cases of the corpus: encodings, quotes and line ends."""

from corpus_case import (
    FILMS,
    HEADER,
    MOVIES,
    RATINGS,
    TWO,
    Case,
    filmed,
    rated,
)

CASES = [
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
