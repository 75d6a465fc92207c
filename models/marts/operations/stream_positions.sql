with records as (select * from {{ ref('stg_stream__records') }}),

positions as (
    select
        topic,
        partition,
        max(offset) + 1 as next_offset,
        count(*) as record_count,
        max(sent_at) as last_sent_at
    from records
    -- without a stream, staged records are those of an earlier build
    where {{ has_stream() }}
    group by topic, partition
)

select * from positions
