"""Cases of the corpus: events without ratings, and what is asked of them."""

from corpus_case import BY_ID, EVENTS, Case, built_with, rated, said

BOTH = built_with(id_type="string", feedback="implicit")
UTC = "ratings.csv: times have no zone: read as UTC"

CASES = [
    Case(
        "a log of clicks and purchases, as RetailRocket's events.csv",
        {
            "events.csv": "timestamp,visitorid,event,itemid,transactionid\n"
            "1433221332117,257597,view,355908,\n"
            "1433224214164,992329,transaction,248676,4000\n"
        },
        {
            "ratings.csv": [
                "257597,355908,view,1433221332",
                "992329,248676,transaction,1433224214",
            ],
            "movies.csv": [
                "355908,355908,(no genres listed)",
                "248676,248676,(no genres listed)",
            ],
        },
        ["ratings.csv: ignored: transactionid", BY_ID, EVENTS],
        brought="events.csv",
        is_events=True,
    ),
    Case(
        "events in the landing layout, as they are",
        rated("userId,movieId,event,timestamp\nann,1,click,964982703\n"),
        {"ratings.csv": ["ann,1,click,964982703"]},
        [BOTH],
        is_copied=True,
        is_events=True,
    ),
    Case(
        "plays of artists, as Last.fm's user_artists.dat",
        {
            "user_artists.dat": "userID\tartistID\tweight\n2\t51\t13883\n2\t52\t7.0\n",
            "columns.yml": "time: none\n",
        },
        {"ratings.csv": ["2,51,13883,0", "2,52,7,0"]},
        [BY_ID, EVENTS],
        brought="user_artists.dat",
        is_events=True,
    ),
    Case(
        "purchases with prices, as H&M's transactions",
        {
            "transactions_train.csv": "t_dat,customer_id,article_id,price,"
            "sales_channel_id\n2018-09-20,000058a1,0663713001,0.0508,2\n",
            "articles.csv": "article_id,prod_name\n0663713001,Shirt\n",
            "columns.yml": "movies: {columns: {title: prod_name}}\n",
        },
        {
            "ratings.csv": ["000058a1,0663713001,,1537401600"],
            "movies.csv": ["0663713001,Shirt,(no genres listed)"],
        },
        [f"{UTC}; ignored: price, sales_channel_id", BOTH],
        is_events=True,
    ),
    Case(
        "a log without a header, as Taobao's UserBehavior.csv",
        {
            "UserBehavior.csv": "1,2268318,2520377,pv,1511544070\n",
        },
        error="{folder}/UserBehavior.csv starts with the line "
        "'1,2268318,2520377,pv,1511544070', but a header such as "
        "'userId,movieId,rating,timestamp' is expected: make that its first line, or "
        "name the columns in order in columns.yml beside the data: "
        "`ratings: {columns: [user, item, rating, time, '-']}`, with '-' where one is "
        "of no use, and event for rating if there are events",
        brought="UserBehavior.csv",
    ),
    Case(
        "the same, its columns said in order",
        {
            "UserBehavior.csv": "1,2268318,2520377,pv,1511544070\n",
            "columns.yml": "ratings: {columns: [user, item, '-', event, time]}\n",
        },
        {"ratings.csv": ["1,2268318,pv,1511544070"]},
        [BY_ID, EVENTS],
        brought="UserBehavior.csv",
        is_events=True,
    ),
    Case(
        "RecBole's atomic files without ratings",
        {
            "shop.inter": "user_id:token\titem_id:token\ttimestamp:float\nu1\ti9\t5\n",
            "shop.item": "item_id:token\tname:token\ni9\tLamp\n",
        },
        {"ratings.csv": ["u1,i9,,5"], "movies.csv": ["i9,Lamp,(no genres listed)"]},
        [BOTH],
        is_events=True,
    ),
    Case(
        "pairs of users and items, no times said",
        {"pairs.csv": "user,item\n1,2\n"},
        error="{folder}/pairs.csv has no column of times (its header has user, item): "
        "name it, or say that there is none, in columns.yml beside the data: "
        "`ratings: {time: none}`",
        brought="pairs.csv",
    ),
    Case(
        "the same, said to have no times",
        rated("user,item\n1,2\n", **{"columns.yml": "time: none\n"}),
        {"ratings.csv": ["1,2,,0"]},
        [EVENTS],
        is_events=True,
    ),
    Case(
        "two columns that may be ratings under names of their own",
        rated("user,item,mark,level,time\n1,2,4,7,964982703\n"),
        error="{folder}/ratings.csv has no column of the rating by its name, but mark "
        "and level have numbers as ratings are: if one is the rating, name it in "
        "columns.yml beside the data: `ratings: {columns: {rating: mark}}`; if there "
        "are events and no ratings, write `feedback: implicit` there, or --feedback "
        "implicit",
    ),
    Case(
        "such columns, said to be of events",
        said("feedback: implicit\n", "user,item,mark,time\n1,2,4,964982703\n"),
        {"ratings.csv": ["1,2,,964982703"]},
        ["ratings.csv: ignored: mark", EVENTS],
        is_events=True,
    ),
    Case(
        "counts in a column of ratings, said to be of events",
        said(
            "feedback: implicit\n",
            "userId,movieId,rating,timestamp\n1,2,13883.0,964982703\n",
        ),
        {"ratings.csv": ["1,2,13883,964982703"]},
        [EVENTS],
        is_events=True,
    ),
    Case(
        "an event named beside a rating",
        said(
            "ratings: {columns: {event: what}}\n",
            "userId,movieId,rating,what,timestamp\n1,2,4.0, buy ,5\n1,3,4.0,NULL,5\n",
        ),
        {"ratings.csv": ["1,2,buy,5", "1,3,,5"]},
        ["ratings.csv: ignored: rating", EVENTS],
        is_events=True,
    ),
    Case(
        "events beside ratings, which are what counts",
        rated("user,item,rating,action,event,count,time\n1,2,4.0,buy,a,3,964982703\n"),
        {"ratings.csv": ["1,2,4.0,964982703"]},
        ["ratings.csv: ignored: action, event, count"],
    ),
    Case(
        "two columns that may be the event",
        rated("user,item,action,event,time\n1,2,buy,a,964982703\n"),
        error="{folder}/ratings.csv: the columns action and event may both be the "
        "event: say which in columns.yml beside the data: "
        "`ratings: {columns: {event: action}}`",
    ),
    Case(
        "an event and how many there were, times last",
        rated("user,item,event,quantity,time\n1,2,buy,3,964982703\n"),
        {"ratings.csv": ["1,2,buy,964982703"]},
        ["ratings.csv: ignored: quantity", EVENTS],
        is_events=True,
    ),
    Case(
        "ratings said, and none there",
        said("feedback: explicit\n", "user,item,event,time\n1,2,buy,964982703\n"),
        error="{folder}/ratings.csv has no column of the rating (its header has user, "
        "item, event, time), such as rating, ratings, userRating, yourRating: name it "
        "in columns.yml beside the data: `ratings: {columns: {rating: NAME}}`",
    ),
    Case(
        "a log of text ids without a header",  # as a shop's database writes them
        rated("u-1,i-9,view,2020-01-01T00:00:00Z\nu-2,i-9,view,2020-01-01T00:00:00Z\n"),
        error="{folder}/ratings.csv starts with the line "
        "'u-1,i-9,view,2020-01-01T00:00:00Z', but a header such as "
        "'userId,movieId,rating,timestamp' is expected: make that its first line, or "
        "name the columns in order in columns.yml beside the data: "
        "`ratings: {columns: [user, item, rating, time]}`",
    ),
    Case(
        "stars of MovieLens 10M, said to be events",
        {
            "ratings.dat": "1::1::4.5::964982703\n",
            "movies.dat": "1::Heat (1995)::Crime\n",
            "columns.yml": "feedback: implicit\n",
        },
        {"ratings.csv": ["1,1,4.5,964982703"]},
        [EVENTS],
        is_events=True,
    ),
    Case(
        "thumbs that are called labels",
        rated("user,item,label,time\n1,2,0,964982703\n"),
        error="{folder}/ratings.csv has no column of the rating by its name, but label "
        "has numbers as ratings are: if it is the rating, name it in columns.yml "
        "beside the data: `ratings: {columns: {rating: label}}`; if there are events "
        "and no ratings, write `feedback: implicit` there, or --feedback implicit",
    ),
    Case(
        "films watched, as Letterboxd exports them",
        {
            "watched.csv": "Date,Name,Year,Letterboxd URI\n"
            "2020-01-01,Heat,1995,https://boxd.it/2a9q\n"
        },
        {
            "ratings.csv": ["1,https://boxd.it/2a9q,,1577836800"],
            "movies.csv": ["https://boxd.it/2a9q,Heat (1995),(no genres listed)"],
        },
        [UTC, BOTH],
        brought="watched.csv",
        is_events=True,
    ),
]
