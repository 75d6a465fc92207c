with candidates as (select * from {{ ref('int_candidate_recommendations') }}),

users as (select * from {{ ref('dim_users') }}),

movies as (select * from {{ ref('dim_movies') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

datasets as (select distinct dataset_sha256 from manifest),

catalogue as (select count(*) as movie_count from movies),

rated_movies as (
    select
        ratings.user_id,
        count(*) as rated_movie_count
    from ratings
    inner join movies on ratings.movie_id = movies.movie_id
    group by ratings.user_id
),

expected_lists as (
    select
        users.user_id,
        least(
            {{ var('top_n') }},
            catalogue.movie_count - coalesce(rated_movies.rated_movie_count, 0)
        ) as expected_length
    from users
    cross join catalogue
    left join rated_movies on users.user_id = rated_movies.user_id
),

neighbours as (
    select
        user_id,
        rank,
        movie_id,
        score,
        predicted_rating,
        source,
        lag(source) over (partition by user_id order by rank) as previous_source,
        lag(score) over (partition by user_id order by rank) as previous_score
    from candidates
),

judged_candidates as (
    select
        neighbours.user_id,
        neighbours.rank,
        neighbours.source,
        ratings.user_id is not null as is_rated,
        not coalesce(
            abs(neighbours.score) < double('infinity')
            and abs(neighbours.predicted_rating) < double('infinity'),
            false
        ) as is_not_finite,
        case
            when neighbours.source = neighbours.previous_source
                then neighbours.score > neighbours.previous_score
            else neighbours.previous_source = 'popularity'
        end as is_out_of_order
    from neighbours
    left join ratings
        on
            neighbours.user_id = ratings.user_id
            and neighbours.movie_id = ratings.movie_id
),

lists as (
    select
        user_id,
        count(*) as list_length,
        count(distinct rank) as rank_count,
        min(rank) as first_rank,
        max(rank) as last_rank,
        count_if(is_rated) as rated_count,
        count_if(is_not_finite) as not_finite_count,
        count_if(is_out_of_order) as out_of_order_count,
        count_if(source = 'popularity') as popularity_count
    from judged_candidates
    group by user_id
),

list_figures as (
    select
        count_if(
            lists.user_id is null and expected_lists.expected_length > 0
        ) as uncovered_user_count,
        count_if(expected_lists.user_id is null) as unknown_user_count,
        count_if(
            lists.list_length != expected_lists.expected_length
        ) as wrong_length_count,
        count_if(
            lists.first_rank != 1
            or lists.last_rank != lists.list_length
            or lists.rank_count != lists.list_length
        ) as broken_rank_count,
        coalesce(sum(lists.rated_count), 0) as rated_row_count,
        coalesce(sum(lists.not_finite_count), 0) as not_finite_row_count,
        coalesce(sum(lists.out_of_order_count), 0) as out_of_order_row_count,
        try_divide(sum(lists.popularity_count), sum(lists.list_length))
            as fallback_share,
        count_if(lists.popularity_count < lists.list_length) as personal_user_count
    from expected_lists
    full outer join lists on expected_lists.user_id = lists.user_id
),

rows_by_movie as (
    select
        movie_id,
        count(*) as slots,
        count_if(source != 'popularity') as personal_count
    from candidates
    group by movie_id
),

movies_by_popularity as (
    select
        coalesce(rows_by_movie.slots, 0) as slots,
        coalesce(rows_by_movie.personal_count, 0) as personal_count,
        rank() over (order by movies.rating_count desc) / count(*) over ()
            as popularity_share
    from movies
    left join rows_by_movie on movies.movie_id = rows_by_movie.movie_id
),

movie_figures as (
    select
        try_divide(count_if(slots > 0), count(*)) as catalogue_coverage,
        max(personal_count) as top_movie_user_count,
        case
            when count(*) >= 100
                then
                    try_divide(
                        sum(if(popularity_share <= 0.01, slots, 0)), sum(slots)
                    )
        end as most_rated_share
    from movies_by_popularity
),

recommendation_profile as (
    select
        list_figures.uncovered_user_count,
        list_figures.unknown_user_count,
        list_figures.wrong_length_count,
        list_figures.broken_rank_count,
        list_figures.rated_row_count,
        list_figures.not_finite_row_count,
        list_figures.out_of_order_row_count,
        list_figures.fallback_share,
        movie_figures.catalogue_coverage,
        case
            when list_figures.personal_user_count >= 100
                then
                    movie_figures.top_movie_user_count
                    / list_figures.personal_user_count
        end as top_movie_share,
        movie_figures.most_rated_share,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from list_figures
    cross join movie_figures
    cross join datasets
)

select * from recommendation_profile
