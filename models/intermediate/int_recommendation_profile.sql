with expected_lists as (select * from {{ ref('int_expected_lists') }}),

lists as (select * from {{ ref('int_candidate_lists') }}),

movies as (select * from {{ ref('int_recommended_movies') }}),

quality as (select * from {{ ref('int_published_quality') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

datasets as (select distinct dataset_sha256 from manifest),

list_totals as (
    select
        count_if(
            lists.user_id is null and expected_lists.expected_length > 0
        ) as uncovered_user_count,
        count_if(expected_lists.user_id is null) as unknown_user_count,
        count_if(
            lists.list_length != expected_lists.expected_length
        ) as wrong_length_count,
        count_if(not lists.has_all_ranks) as broken_rank_count,
        coalesce(sum(lists.rated_count), 0) as rated_row_count,
        coalesce(sum(lists.not_finite_count), 0) as not_finite_row_count,
        coalesce(sum(lists.out_of_order_count), 0) as out_of_order_row_count,
        try_divide(sum(lists.popularity_count), sum(lists.list_length))
            as fallback_share,
        count_if(lists.popularity_count < lists.list_length) as personal_user_count
    from expected_lists
    full outer join lists on expected_lists.user_id = lists.user_id
),

movie_totals as (
    select
        count(*) as movie_count,
        try_divide(count_if(recommendation_count > 0), count(*)) as catalogue_coverage,
        max(personal_count) as top_movie_user_count,
        try_divide(
            sum(
                if(
                    popularity_share <= {{ var('most_rated_movies_share') }},
                    recommendation_count,
                    0
                )
            ),
            sum(recommendation_count)
        ) as most_rated_share
    from movies
),

recommendation_profile as (
    select
        list_totals.uncovered_user_count,
        list_totals.unknown_user_count,
        list_totals.wrong_length_count,
        list_totals.broken_rank_count,
        list_totals.rated_row_count,
        list_totals.not_finite_row_count,
        list_totals.out_of_order_row_count,
        list_totals.fallback_share,
        movie_totals.catalogue_coverage,
        case
            when list_totals.personal_user_count >= {{ var('share_check_min_users') }}
                then
                    movie_totals.top_movie_user_count / list_totals.personal_user_count
        end as top_movie_share,
        case
            when movie_totals.movie_count >= {{ var('share_check_min_movies') }}
                then movie_totals.most_rated_share
        end as most_rated_share,
        quality.evaluated_role_count,
        quality.stale_evaluation_count,
        quality.predictor_gain_low,
        quality.ranker_gain_low,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from list_totals
    cross join movie_totals
    cross join quality
    cross join datasets
)

select * from recommendation_profile
