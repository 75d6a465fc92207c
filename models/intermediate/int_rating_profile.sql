with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('stg_movielens__movies') }}),

accounts as (select * from {{ ref('line_accounts') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

accepted as (
    {{ last_build_of(
        'accepted_ratings',
        {
            'user_id': 'int',
            'movie_id': 'int',
            'rating': 'double',
            'rated_at': 'timestamp',
            'feed': 'string',
        },
        is_wanted=not var('accept_drift')
    ) }}
),

feeds as (
    select distinct
        source as feed,
        dataset_sha256
    from manifest
),

accepted_feeds as (select max(feed) as accepted_feed from accepted),

movie_counts as (select count(*) as movie_count from movies),

rejections as (
    select try_divide(rejected_count, line_count) as rejected_share
    from accounts
    where source_file = 'ratings.csv'
),

unknown_movies as (
    select avg(if(movies.movie_id is null, 1.0, 0.0)) as unknown_movie_share
    from ratings
    left join movies on ratings.movie_id = movies.movie_id
),

both_builds as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        1 as new_count,
        0 as old_count
    from ratings
    union all
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        0 as new_count,
        1 as old_count
    from accepted
),

events as (
    select
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from both_builds
    group by user_id, movie_id, rated_at
),

event_figures as (
    select
        coalesce(sum(new_count), 0) as rating_count,
        coalesce(sum(old_count), 0) as old_rating_count,
        count_if(new_count > 0 and old_count > 0) as shared_event_count
    from events
),

users as (
    select
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from both_builds
    group by user_id
),

user_figures as (
    select
        try_divide(
            count_if(new_count > 0 and old_count > 0), count_if(old_count > 0)
        ) as kept_user_share
    from users
),

movie_stars as (
    select
        movie_id,
        rating,
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from both_builds
    group by movie_id, rating
),

flood_figures as (select max(new_count - old_count) as largest_gain from movie_stars),

stars as (
    select
        rating,
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from movie_stars
    group by rating
),

star_shares as (
    select
        rating,
        try_divide(new_count, sum(new_count) over ()) as new_share,
        try_divide(old_count, sum(old_count) over ()) as old_share
    from stars
),

star_figures as (
    select
        sum(rating * new_share) - sum(rating * old_share) as mean_shift,
        sum(abs(new_share - old_share)) / 2 as star_distance
    from star_shares
),

feed_figures as (
    select
        cast(
            feeds.feed = accepted_feeds.accepted_feed
            or event_figures.shared_event_count
            >= 0.05 * least(event_figures.rating_count, event_figures.old_rating_count)
            as int
        ) as is_same_feed
    from feeds
    cross join accepted_feeds
    cross join event_figures
    where event_figures.old_rating_count > 0
),

drift_figures as (
    select
        event_figures.rating_count / event_figures.old_rating_count
            as rating_count_ratio,
        user_figures.kept_user_share,
        star_figures.mean_shift,
        star_figures.star_distance,
        case
            when flood_figures.largest_gain < 50 then 0
            else flood_figures.largest_gain / event_figures.rating_count
        end as flood_share
    from feed_figures
    cross join event_figures
    cross join user_figures
    cross join star_figures
    cross join flood_figures
    where feed_figures.is_same_feed = 1
),

rating_profile as (
    select
        event_figures.rating_count,
        movie_counts.movie_count,
        rejections.rejected_share,
        unknown_movies.unknown_movie_share,
        feed_figures.is_same_feed,
        drift_figures.rating_count_ratio,
        drift_figures.kept_user_share,
        drift_figures.mean_shift,
        drift_figures.star_distance,
        drift_figures.flood_share,
        feeds.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from event_figures
    cross join movie_counts
    cross join rejections
    cross join unknown_movies
    cross join feeds
    left join feed_figures on true
    left join drift_figures on true
)

select * from rating_profile
