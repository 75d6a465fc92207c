{%- set next_number = pinned_decisions() -%}
{%- set reads_decisions = not execute or next_number is not none -%}

with records as (
    select * from {{ ref('stg_stream__records') }}
    where {{ has_stream() }} and reason is null and not is_repeated
),

records_in_windows as (
    select
        *,
        {{ window_of('sent_at', var('stream_flood_user_seconds')) }} as user_window,
        {{ window_of('sent_at', var('stream_flood_movie_seconds')) }} as movie_window
    from records
),

user_windows as (
    select * from {{ ref('stg_stream__user_windows') }}
    where is_flood
),

movie_windows as (
    select * from {{ ref('stg_stream__movie_windows') }}
    where is_top_flood or is_bottom_flood
),

floods as (
    select
        records_in_windows.*,
        user_windows.window_start,
        'user_flood' as hold_rule,
        concat_ws('/', 'user', user_windows.user_id) as whose,
        {{ var('stream_flood_user_seconds') }} as window_seconds,
        concat(
            user_windows.rating_count, ' ratings of user_id ', user_windows.user_id
        ) as what
    from records_in_windows
    inner join user_windows
        on
            records_in_windows.user_id = user_windows.user_id
            and records_in_windows.user_window = user_windows.window_start
    {% for end in ['top', 'bottom'] -%}
        union all
        select
            records_in_windows.*,
            movie_windows.window_start,
            '{{ end }}_flood' as hold_rule,
            concat_ws('/', '{{ end }}', movie_windows.movie_id) as whose,
            {{ var('stream_flood_movie_seconds') }} as window_seconds,
            concat(
                movie_windows.rating_count,
                ' ratings of movie_id ',
                movie_windows.movie_id,
                ', ',
                round(100 * movie_windows.{{ end }}_share),
                ' % of them ',
                records_in_windows.rating,
                ' and usually ',
                round(100 * movie_windows.usual_{{ end }}_share),
                ' %,'
            ) as what
        from records_in_windows
        inner join movie_windows
            on
                records_in_windows.movie_id = movie_windows.movie_id
                and records_in_windows.movie_window = movie_windows.window_start
                and movie_windows.is_{{ end }}_flood
        where {{ is_extreme('records_in_windows.rating', end) }}
    {% endfor -%}
),

holds as (
    select
        *,
        left(
            sha2(
                concat_ws(
                    '/', topic, window_seconds, unix_seconds(window_start), whose
                ),
                256
            ),
            12
        ) as hold_id,
        concat(what, ' in ', window_seconds, ' s from ', window_start, ' on')
            as hold_reason
    from floods
),

decisions as (
    {% if reads_decisions -%}
        select
            hold_id,
            decision_number,
            decision,
            decided_by,
            decided_at,
            last_ingested_at
        from {{ source('stream', 'held_decisions') }}
        where
            topic = '{{ stream_topic() }}'
            and decision_number < {{ next_number or 0 }}
    {%- else -%}
        select
            '' as hold_id,
            0L as decision_number,
            '' as decision,
            '' as decided_by,
            timestamp '1970-01-01' as decided_at,
            timestamp '1970-01-01' as last_ingested_at
        where false
    {%- endif %}
),

-- what came into a window after somebody had decided on it is held again
decided_holds as (
    select
        holds.*,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_at,
        row_number() over (
            partition by holds.hold_id, holds.partition, holds.offset
            order by decisions.decision_number desc nulls last
        ) as decision_rank
    from holds
    left join decisions
        on
            holds.hold_id = decisions.hold_id
            and holds.ingested_at <= decisions.last_ingested_at
),

-- a record may be in two floods: it counts when both are released
ranked_holds as (
    select
        *,
        row_number() over (
            partition by partition, offset
            order by decision = 'rejected' desc nulls last, hold_rule desc
        ) as hold_rank
    from decided_holds
    where decision_rank = 1 and decision is distinct from 'released'
),

held_records as (
    select
        hold_id,
        topic,
        partition,
        offset,
        source_file,
        event_id,
        user_id,
        movie_id,
        hold_rule,
        if(decision is null, 'held', 'rejected') as status,
        hold_reason,
        case
            when decision is not null
                then concat('rejected as a ', hold_rule, " by '", decided_by, "'")
        end as reason,
        to_json(
            struct(
                user_id, movie_id, rating, unix_seconds(rated_at) as rated_at, event_id
            )
        ) as line,
        decided_by,
        rating,
        rated_at,
        sent_at,
        ingested_at,
        window_start,
        decided_at
    from ranked_holds
    where hold_rank = 1
)

select * from held_records
