with candidates as (select * from {{ ref('int_candidate_recommendations') }}),

movies as (select * from {{ ref('accepted_movies') }}),

tastes as (select * from {{ ref('int_user_tastes') }}),

catalogue as (select count_if(like_count > 0) as liked_movie_count from movies),

personal_users as (
    select count(distinct user_id) as user_count
    from candidates
    where source = 'personal'
),

movie_franchises as (
    select
        movie_id,
        genres,
        {{ franchise('title') }} as franchise
    from movies
),

personal_rows as (
    select
        candidates.user_id,
        candidates.rank,
        candidates.movie_id,
        coalesce(tastes.rated_movies_hash, 0) as rated_movies_hash,
        catalogue.liked_movie_count - coalesce(tastes.liked_movie_count, 0)
            as choice_count,
        coalesce(tastes.genre_like_count, 0) as genre_like_count,
        size(movie_franchises.genres) > 0 as has_genres,
        arrays_overlap(movie_franchises.genres, tastes.liked_genres) as has_liked_genre,
        movie_franchises.franchise,
        count(movie_franchises.franchise) over (
            partition by candidates.user_id, movie_franchises.franchise
        ) as franchise_count
    from candidates
    cross join catalogue
    left join movie_franchises on candidates.movie_id = movie_franchises.movie_id
    left join tastes on candidates.user_id = tastes.user_id
    where candidates.source = 'personal'
),

lists as (
    select
        user_id,
        rated_movies_hash,
        choice_count,
        genre_like_count,
        count(*) as personal_count,
        array_sort(collect_list(struct(rank, movie_id))) as places,
        count_if(has_genres) as genre_row_count,
        count_if(has_genres and not has_liked_genre) as unliked_row_count,
        max_by(franchise, franchise_count) as franchise,
        max(franchise_count) as franchise_row_count
    from personal_rows
    group by user_id, rated_movies_hash, choice_count, genre_like_count
),

personal_lists as (
    select
        lists.user_id,
        lists.franchise,
        lists.personal_count,
        lists.choice_count,
        lists.genre_like_count,
        lists.genre_row_count,
        lists.unliked_row_count,
        lists.franchise_row_count,
        -- drawn at random, hardly two of them would be equal
        if(
            lists.personal_count
            * ln(greatest(lists.choice_count - lists.personal_count + 1, 1))
            >= 2 * ln(personal_users.user_count),
            min(lists.rated_movies_hash) over (partition by lists.places)
            != max(lists.rated_movies_hash) over (partition by lists.places),
            null
        ) as is_repeated,
        if(
            lists.genre_row_count >= {{ var('list_check_min_rows') }}
            and lists.genre_like_count >= {{ var('list_check_min_likes') }},
            lists.unliked_row_count > lists.genre_row_count / 2,
            null
        ) as is_of_unliked_genres,
        if(
            {{ has_movie_titles() }}
            and lists.personal_count >= {{ var('list_check_min_rows') }},
            lists.franchise_row_count > lists.personal_count / 2,
            null
        ) as is_of_one_franchise
    from lists
    cross join personal_users
)

select * from personal_lists
