with expected_lists as (select * from {{ ref('int_expected_lists') }}),

lists as (select * from {{ ref('int_candidate_lists') }}),

movies as (select * from {{ ref('int_recommended_movies') }}),

personal_lists as (select * from {{ ref('int_personal_lists') }}),

quality as (select * from {{ ref('int_published_quality') }}),

even_lists as (select * from {{ ref('int_even_lists') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

datasets as (select distinct dataset_sha256 from manifest),

list_totals as (
    select
        count(lists.user_id) as listed_user_count,
        count_if(lists.user_id is null and expected_lists.expected_length > 0)
            as uncovered_user_count,
        count_if(expected_lists.user_id is null) as unknown_user_count,
        count_if(lists.list_length != expected_lists.expected_length)
            as wrong_length_count,
        count_if(not lists.has_all_ranks) as broken_rank_count,
        coalesce(sum(lists.rated_count), 0) as rated_row_count,
        coalesce(sum(lists.not_finite_count), 0) as not_finite_row_count,
        coalesce(sum(lists.out_of_order_count), 0) as out_of_order_row_count,
        try_divide(sum(lists.fallback_count), sum(lists.list_length))
            as fallback_share,
        count_if(lists.personal_count > 0) as personal_user_count,
        coalesce(sum(expected_lists.broken_row_count), 0) as rule_broken_row_count
    from expected_lists
    full outer join lists on expected_lists.user_id = lists.user_id
),

personal_totals as (
    select
        {{ judged_share('is_repeated') }} as repeated_list_share,
        {{ judged_share('is_of_unliked_genres') }} as unliked_genre_list_share,
        {{ judged_share('is_of_one_franchise') }} as franchise_list_share
    from personal_lists
),

movie_counts as (
    select
        movies.recommendation_count,
        movies.personal_count,
        coalesce(even_lists.even_count, 0) as even_count,
        movies.popularity_share <= least(
            {{ var('most_rated_movies_share') }},
            {{ var('most_rated_movies_limit') }} / count(*) over ()
        ) as is_most_rated
    from movies
    left join even_lists on movies.movie_id = even_lists.movie_id
),

movie_totals as (
    select
        count(*) as movie_count,
        try_divide(
            count_if(personal_count > 0), sum(1 - exp(-even_count))
        ) as catalogue_coverage,
        max(personal_count) as top_user_count,
        ceil(max(even_count)) as even_top_user_count,
        try_divide(sum(if(is_most_rated, personal_count, 0)), sum(personal_count))
            as most_rated_share,
        try_divide(sum(if(is_most_rated, even_count, 0)), sum(even_count))
            as even_most_rated_share
    from movie_counts
),

recommendation_profile as (
    select
        list_totals.listed_user_count,
        list_totals.uncovered_user_count,
        list_totals.unknown_user_count,
        list_totals.wrong_length_count,
        list_totals.broken_rank_count,
        list_totals.rated_row_count,
        list_totals.rule_broken_row_count,
        list_totals.not_finite_row_count,
        list_totals.out_of_order_row_count,
        list_totals.fallback_share,
        if(
            list_totals.listed_user_count >= {{ var('share_check_min_users') }},
            (list_totals.listed_user_count - list_totals.personal_user_count)
            / list_totals.listed_user_count,
            null
        ) as all_fallback_user_share,
        personal_totals.repeated_list_share,
        personal_totals.unliked_genre_list_share,
        personal_totals.franchise_list_share,
        movie_totals.catalogue_coverage,
        if(
            list_totals.personal_user_count >= {{ var('share_check_min_users') }},
            {{ share_of_the_way(
                'movie_totals.even_top_user_count',
                'movie_totals.top_user_count',
                'list_totals.personal_user_count'
            ) }},
            null
        ) as top_movie_share,
        if(
            movie_totals.movie_count >= {{ var('share_check_min_movies') }},
            {{ share_of_the_way(
                'movie_totals.even_most_rated_share', 'movie_totals.most_rated_share', '1'
            ) }},
            null
        ) as most_rated_share,
        quality.evaluated_role_count,
        quality.stale_evaluation_count,
        quality.predictor_gain_low,
        quality.ranker_gain_low,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from list_totals
    cross join personal_totals
    cross join movie_totals
    cross join quality
    cross join datasets
)

select * from recommendation_profile
