with rating_changes as (select * from {{ ref('int_rating_changes') }}),

star_drift as (select * from {{ ref('int_star_drift') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

feeds as (select distinct source as feed from manifest),

pairs as (
    select
        sum(new_count) as new_count,
        sum(old_count) as old_count,
        min(rated_at) = max(rated_at) as has_one_time,
        max(accepted_feed) as accepted_feed
    from rating_changes
    group by user_id, movie_id
),

pair_totals as (
    select
        sum(new_count) as new_count,
        sum(old_count) as old_count,
        count_if(new_count > 0 and old_count > 0) as shared_count,
        count_if(new_count > 0 and old_count > 0 and has_one_time)
            as shared_at_one_time_count,
        max(accepted_feed) as accepted_feed
    from pairs
    having sum(old_count) > 0
),

users as (
    select
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from rating_changes
    group by user_id
),

user_totals as (
    select
        try_divide(
            count_if(new_count > 0 and old_count > 0), count_if(old_count > 0)
        ) as kept_user_share
    from users
),

comparisons as (
    select
        feeds.feed = pair_totals.accepted_feed
        or pair_totals.shared_at_one_time_count
        >= {{ var('same_feed_min_overlap') }}
        * least(pair_totals.new_count, pair_totals.old_count)
        or pair_totals.shared_count
        >= {{ var('same_feed_min_pair_overlap') }}
        * least(pair_totals.new_count, pair_totals.old_count) as is_same_feed,
        pair_totals.new_count / pair_totals.old_count as rating_count_ratio,
        user_totals.kept_user_share,
        star_drift.mean_shift,
        star_drift.rating_total_variation,
        star_drift.flood_share
    from pair_totals
    cross join feeds
    cross join user_totals
    cross join star_drift
),

rating_drift as (
    select
        cast(is_same_feed as int) as is_same_feed,
        if(is_same_feed, rating_count_ratio, null) as rating_count_ratio,
        if(is_same_feed, kept_user_share, null) as kept_user_share,
        if(is_same_feed, mean_shift, null) as mean_shift,
        if(is_same_feed, rating_total_variation, null) as rating_total_variation,
        if(is_same_feed, flood_share, null) as flood_share
    from comparisons
)

select * from rating_drift
