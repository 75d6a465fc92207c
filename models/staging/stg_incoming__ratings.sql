{%- set is_implicit = var('feedback') == 'implicit' -%}
{%- set reads_stream = has_stream() == 'true' -%}
{%- set holds = reads_stream and var('hold_floods') -%}

with {{ 'all_lines' if reads_stream else 'lines' }} as (
    select * from {{ ref('base_incoming__ratings') }}
),

landed_ratings as (select * from {{ ref('stg_movielens__ratings') }}),

{% if reads_stream -%}
    records as (
        select * from {{ ref('stg_stream__records') }}
        where reason is null and not is_repeated
    ),

    -- where the broker's answer was lost, the service has written down what came by it
    lines as (
        select
            all_lines.user_id,
            all_lines.movie_id,
            all_lines.rating,
            all_lines.rated_at,
            all_lines.received_at,
            all_lines.source_file,
            all_lines.line_number,
            all_lines.reason,
            all_lines.is_repeated
        from all_lines
        left anti join
            records
            on
                all_lines.user_id = records.user_id
                and all_lines.event_id = records.event_id
    ),

    {% if holds -%}
        held_records as (select * from {{ ref('stg_stream__held_records') }}),

        free_records as (
            select records.*
            from records
            left anti join
                held_records
                on
                    records.partition = held_records.partition
                    and records.offset = held_records.offset
        ),

    {% endif -%}
{% endif -%}
sent_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        {{ 'cast(null as int) as topic_partition,' if reads_stream }}
        received_at,
        source_file,
        line_number
    from lines
    where reason is null and not is_repeated
    {% if reads_stream -%}
        union all
        select
            user_id,
            movie_id,
            rating,
            rated_at,
            partition as topic_partition,
            cast(null as string) as received_at,
            source_file,
            offset as line_number
        from {{ 'free_records' if holds else 'records' }}
    {%- endif %}
),

-- received at no time: what was sent in the same second came later
older_ratings as (
    select
        landed_ratings.user_id,
        landed_ratings.movie_id,
        landed_ratings.rating,
        landed_ratings.rated_at,
        {{ 'cast(null as int) as topic_partition,' if reads_stream }}
        cast(null as string) as received_at,
        landed_ratings.source_file,
        cast(null as bigint) as line_number
    from landed_ratings
    left semi join sent_ratings
        on
            landed_ratings.user_id = sent_ratings.user_id
            and landed_ratings.movie_id = sent_ratings.movie_id
),

ratings as (
    select
        *,
        false as is_landed
    from sent_ratings
    union all
    select
        *,
        true as is_landed
    from older_ratings
),

ratings_in_order as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        source_file,
        is_landed,
        {% if reads_stream -%}
            -- of one second, the stream's come after those of segments
            struct(
                rated_at, topic_partition, received_at, source_file, line_number
            ) as arrival
        {%- else -%}
            struct(rated_at, received_at, source_file, line_number) as arrival
        {%- endif %}
    from ratings
),

latest_ratings as (
    select
        user_id,
        movie_id,
        {{ 'round(sum(rating), 6)' if is_implicit
            else 'max_by(rating, arrival)' }} as rating,
        max(rated_at) as rated_at,
        {% if is_implicit -%}
            coalesce(
                max(if(is_landed, source_file, null)), max_by(source_file, arrival)
            ) as source_file,
        {%- else -%}
            max_by(source_file, arrival) as source_file,
        {%- endif %}
        max(is_landed) as is_landed
    from ratings_in_order
    group by user_id, movie_id
)

select * from latest_ratings
