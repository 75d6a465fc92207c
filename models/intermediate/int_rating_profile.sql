with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('stg_movielens__movies') }}),

line_reconciliation as (select * from {{ ref('line_reconciliation') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

drift as (select * from {{ ref('int_rating_drift') }}),

datasets as (select distinct dataset_sha256 from manifest),

movie_totals as (select count(*) as movie_count from movies),

rejections as (
    select try_divide(rejected_count, line_count) as rejected_share
    from line_reconciliation
    where source_file = 'ratings.csv'
),

rating_totals as (
    select
        count(*) as rating_count,
        avg(if(movies.movie_id is null, 1.0, 0.0)) as unknown_movie_share
    from ratings
    left join movies on ratings.movie_id = movies.movie_id
),

rating_profile as (
    select
        rating_totals.rating_count,
        movie_totals.movie_count,
        rejections.rejected_share,
        rating_totals.unknown_movie_share,
        drift.is_same_feed,
        drift.rating_count_ratio,
        drift.kept_user_share,
        drift.mean_shift,
        drift.rating_total_variation,
        drift.flood_share,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from rating_totals
    cross join movie_totals
    cross join rejections
    cross join datasets
    left join drift on true
)

select * from rating_profile
