"""Cases of the corpus: headers and columns: their names, order and delimiters."""

from corpus_case import FILMS, HEADER, MOVIES, RATINGS, TWO, Case, rated, said

CASES = [
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
        error="{folder}/ratings.csv has no column of the rating by its name, but mark "
        "has numbers as ratings are: if it is the rating, name it in columns.yml "
        "beside the data: `ratings: {columns: {rating: mark}}`; if there are events "
        "and no ratings, write `feedback: implicit` there, or --feedback implicit",
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
        "Keys are ratings, movies, tags, links, users, genome-scores, genome-tags, "
        "delimiter, encoding, quotes, time, decimal, ids, feedback",
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
