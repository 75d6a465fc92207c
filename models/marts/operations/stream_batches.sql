with records as (select * from {{ ref('stg_stream__records') }}),

judged_records as (
    select
        *,
        reason is null and not is_repeated as is_accepted,
        (unix_micros(ingested_at) - unix_micros(sent_at)) / 1e6 as lag_seconds
    from records
    where {{ has_stream() }}
),

batches as (
    select
        ingested_at,
        count(*) as record_count,
        count_if(is_accepted) as accepted_count,
        count_if(reason is null and is_repeated) as repeated_count,
        count_if(reason is not null) as rejected_count,
        count(distinct if(is_accepted, user_id, null)) as user_count,
        count(distinct if(is_accepted, movie_id, null)) as movie_count,
        avg(if(is_accepted, rating, null)) as rating_mean,
        avg(lag_seconds) as lag_mean_seconds,
        max(lag_seconds) as lag_max_seconds,
        min(sent_at) as first_sent_at,
        max(sent_at) as last_sent_at
    from judged_records
    group by ingested_at
)

select * from batches
