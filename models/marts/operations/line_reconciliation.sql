{%- set reads_stream = has_stream() == 'true' -%}
{%- set holds = reads_stream and var('hold_floods') -%}
{%- set reads_sent = reads_stream or has_segments() == 'true' -%}
{%- set genome = ['genome_tags', 'genome_scores'] if var('genome') else [] -%}

with {{ 'landed_files' if reads_stream else 'manifest' }} as (
    select * from {{ ref('stg_movielens__manifest') }}
),

{% if reads_stream -%}
    stream_positions as (select * from {{ ref('stream_positions') }}),

    manifest as (
        select
            source_file,
            line_count
        from landed_files
        union all
        select
            concat(topic, '/', partition) as source_file,
            record_count as line_count
        from stream_positions
    ),

{% endif -%}

rejected_rows as (select * from {{ ref('rejected_rows') }}),

good_lines as (
    {% for file in ['ratings', 'movies', 'tags', 'links', 'users'] + genome -%}
        select
            '{{ file | replace('_', '-') }}.csv' as source_file,
            count(*) as accepted_count,
            coalesce(sum(line_count), 0) as good_count
        from {{ ref('stg_movielens__' ~ file) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

{% if reads_sent -%}
    sent_ratings as (select * from {{ ref('stg_incoming__ratings') }}),

    sent_lines as (
        select * from {{ ref('base_incoming__ratings') }}
        where reason is null
    ),

    {% if reads_stream -%}
        {{ 'all_good_records' if holds else 'good_records' }} as (
            select * from {{ ref('stg_stream__records') }}
            where reason is null
        ),

    {% endif -%}
    {% if holds -%}
        held_records as (select * from {{ ref('stg_stream__held_records') }}),

        good_records as (
            select all_good_records.*
            from all_good_records
            left anti join
                held_records
                on
                    all_good_records.partition = held_records.partition
                    and all_good_records.offset = held_records.offset
        ),

        held_lines as (
            select
                source_file,
                count(*) as held_count
            from held_records
            where status = 'held'
            group by source_file
        ),

    {% endif -%}
    -- of a user and a movie one line is accepted: where both have one, that of the file
    -- goes out, and the line that counts comes in, from wherever it is
    counts_by_source as (
        select * from good_lines
        union all
        select
            'ratings.csv' as source_file,
            -count(*) as accepted_count,
            0 as good_count
        from sent_ratings
        where is_landed
        union all
        select
            source_file,
            count(*) as accepted_count,
            0 as good_count
        from sent_ratings
        group by source_file
        union all
        select
            source_file,
            0 as accepted_count,
            count(*) as good_count
        from sent_lines
        group by source_file
        {% if reads_stream -%}
            union all
            select
                source_file,
                0 as accepted_count,
                count(*) as good_count
            from good_records
            group by source_file
        {%- endif %}
    ),

    counted_lines as (
        select
            source_file,
            sum(accepted_count) as accepted_count,
            sum(good_count) as good_count
        from counts_by_source
        group by source_file
    ),

{% else -%}
    counted_lines as (select * from good_lines),

{% endif -%}
rejected_by_kind as (
    select
        source_file,
        reason_kind,
        count(*) as kind_count
    from rejected_rows
    group by source_file, reason_kind
),

rejected_lines as (
    select
        source_file,
        sum(kind_count) as rejected_count,
        max_by(reason_kind, struct(kind_count, reason_kind)) as commonest_reason
    from rejected_by_kind
    group by source_file
),

line_reconciliation as (
    select
        manifest.source_file,
        manifest.line_count,
        coalesce(counted_lines.accepted_count, 0) as accepted_count,
        coalesce(counted_lines.good_count - counted_lines.accepted_count, 0)
            as superseded_count,
        coalesce(rejected_lines.rejected_count, 0) as rejected_count,
        {{ 'coalesce(held_lines.held_count, 0)' if holds else '0L' }} as held_count,
        rejected_lines.commonest_reason
    from manifest
    left join counted_lines on manifest.source_file = counted_lines.source_file
    left join rejected_lines on manifest.source_file = rejected_lines.source_file
    {%- if holds %}
        left join held_lines on manifest.source_file = held_lines.source_file
    {%- endif %}
)

select * from line_reconciliation
