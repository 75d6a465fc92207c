with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('stg_movielens__movies') }}),

line_reconciliation as (select * from {{ ref('line_reconciliation') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

drift as (select * from {{ ref('int_rating_drift') }}),

movie_drift as (select * from {{ ref('int_movie_drift') }}),

datasets as (select distinct dataset_sha256 from manifest),

movie_totals as (select count(*) as movie_count from movies),

rejections as (
    select
        {{ rejected_share('ratings.csv') }} as rejected_share,
        {{ commonest_reason('ratings.csv') }} as rejected_share_reason,
        {{ rejected_share('movies.csv') }} as rejected_movies_share,
        {{ commonest_reason('movies.csv') }} as rejected_movies_share_reason,
        {{ rejected_share('users.csv') }} as rejected_users_share,
        {{ commonest_reason('users.csv') }} as rejected_users_share_reason,
        {{ rejected_share('tags.csv') }} as rejected_tags_share,
        {{ commonest_reason('tags.csv') }} as rejected_tags_share_reason,
        {{ rejected_share('links.csv') }} as rejected_links_share,
        {{ commonest_reason('links.csv') }} as rejected_links_share_reason,
        try_divide(
            sum(if({{ is_sent('source_file') }}, rejected_count, 0)),
            sum(if({{ is_sent('source_file') }}, line_count, 0))
        ) as rejected_sent_share,
        max_by(
            commonest_reason,
            if({{ is_sent('source_file') }}, rejected_count, null)
        ) as rejected_sent_share_reason
    from line_reconciliation
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
        rejections.rejected_share_reason,
        rejections.rejected_movies_share,
        rejections.rejected_movies_share_reason,
        rejections.rejected_users_share,
        rejections.rejected_users_share_reason,
        rejections.rejected_tags_share,
        rejections.rejected_tags_share_reason,
        rejections.rejected_links_share,
        rejections.rejected_links_share_reason,
        rejections.rejected_sent_share,
        rejections.rejected_sent_share_reason,
        rating_totals.unknown_movie_share,
        {% if is_published_from_here() and not var('accept_drift') -%}
            cast(drift.is_same_feed is not null as int) as has_baseline,
            cast(movie_drift.kept_movie_share is not null as int) as has_movie_baseline,
        {%- else -%}
            cast(null as int) as has_baseline,
            cast(null as int) as has_movie_baseline,
        {%- endif %}
        drift.is_same_feed,
        drift.rating_count_ratio,
        drift.kept_user_share,
        drift.mean_shift,
        drift.rating_total_variation,
        drift.flood_share,
        if(drift.is_same_feed = 1, movie_drift.kept_movie_share, null)
            as kept_movie_share,
        if(drift.is_same_feed = 1, movie_drift.changed_title_share, null)
            as changed_title_share,
        if(drift.is_same_feed = 1, movie_drift.changed_genres_share, null)
            as changed_genres_share,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from rating_totals
    cross join movie_totals
    cross join rejections
    cross join datasets
    cross join movie_drift
    left join drift on true
)

select * from rating_profile
