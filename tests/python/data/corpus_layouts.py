"""Cases of the corpus: layouts of known data sets."""

from corpus_case import BY_ID, FILMS, RATINGS, TEXTS, TWO, Case, built_with, rated

TO_TEN = built_with(rating_min=1, rating_max=10, like_threshold=8)

FLAGS = "0|" * 18 + "0"
KAGGLE = (
    "adult,genres,id,imdb_id,original_title,overview,release_date,title\n"
    "False,\"[{'id': 80, 'name': 'Crime'}, {'id': 28, 'name': 'Action'}]\",949,"
    'tt0113277,Heat,"Two men,\n""one"" street.",1995-12-15,Heat\n'
    "False,[],4,tt1,Les Cafés,,2001-02-03,Cafés\n"
    "False,[],5,tt2,Unlinked,,2003-02-03,Unlinked\n"
    " - Written by hand,0.065,/ff.jpg,1\n"
)

CASES = [
    Case(
        "MovieLens 32M",
        rated(RATINGS)
        | {
            "tags.csv": "userId,movieId,tag,timestamp\n1,1,classic,964982703\n",
            "links.csv": "movieId,imdbId,tmdbId\n1,0113277,949\n",
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
        ["ratings.csv: ratings go from 1 to 10", TO_TEN],
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
            "ratings.csv: left out: ratings_small.csv",
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
            '"276725";"034545104X";"0"\n"276726";"0155061224";"8"\n',
            "BX-Books.csv": '"ISBN";"Book-Title"\n"034545104X";"A \\"B\\" C"\n',
            "columns.yml": "time: none\n",
        },
        {
            "ratings.csv": ["276725,034545104X,0,0", "276726,0155061224,8,0"],
            "movies.csv": ['034545104X,"A ""B"" C",(no genres listed)'],
        },
        [
            "ratings.csv: ratings go from 0 to 10",
            built_with(id_type="string", rating_min=0, rating_max=10, like_threshold=8),
        ],
    ),
    Case(
        "Amazon reviews, ratings only",
        {
            "ratings_Books.csv": "AH2L9G3DQHHAJ,0000000116,4.0,1019865600\n",
            "columns.yml": "ratings: {columns: [user, item, rating, time]}\n",
        },
        {
            "ratings.csv": ["AH2L9G3DQHHAJ,0000000116,4.0,1019865600"],
            "movies.csv": ["0000000116,0000000116,(no genres listed)"],
        },
        [BY_ID, TEXTS],
        brought="ratings_Books.csv",
    ),
    Case(
        "Amazon reviews of 2023",
        {
            "ratings.csv": "user_id,parent_asin,rating,timestamp\n"
            "AGKA,0000000116,4.0,1019865600123\n"
        },
        {"ratings.csv": ["AGKA,0000000116,4.0,1019865600"]},
        [BY_ID, TEXTS],
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
            "ratings.csv: times have no zone: read as UTC; ratings go from 1 to 10; "
            "ignored: Original Title, URL, Title Type, IMDb Rating, Runtime "
            "(mins), Num Votes, Release Date, Directors",
            "movies.csv: genres are divided at commas",
            TO_TEN,
        ],
        brought="ratings.csv",
    ),
    Case(
        "Letterboxd's export of one person's ratings",
        {
            "ratings.csv": "Date,Name,Year,Letterboxd URI,Rating\n"
            "2020-01-01,Heat,1995,https://boxd.it/2a9q,4.5\n"
        },
        {
            "ratings.csv": ["1,https://boxd.it/2a9q,4.5,1577836800"],
            "movies.csv": ["https://boxd.it/2a9q,Heat (1995),(no genres listed)"],
        },
        ["ratings.csv: times have no zone: read as UTC", TEXTS],
        brought="ratings.csv",
    ),
]
