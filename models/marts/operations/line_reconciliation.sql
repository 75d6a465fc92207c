{%- set genome = ['genome_tags', 'genome_scores'] if var('genome') else [] -%}

with manifest as (select * from {{ ref('stg_movielens__manifest') }}),

rejected_rows as (select * from {{ ref('rejected_rows') }}),

accepted_lines as (
    {% for file in ['ratings', 'movies', 'tags', 'links', 'users'] + genome -%}
        select
            '{{ file | replace('_', '-') }}.csv' as source_file,
            count(*) as accepted_count,
            coalesce(sum(line_count), 0) - count(*) as superseded_count
        from {{ ref('stg_movielens__' ~ file) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

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
        accepted_lines.accepted_count,
        accepted_lines.superseded_count,
        coalesce(rejected_lines.rejected_count, 0) as rejected_count,
        rejected_lines.commonest_reason
    from manifest
    inner join accepted_lines on manifest.source_file = accepted_lines.source_file
    left join rejected_lines on manifest.source_file = rejected_lines.source_file
)

select * from line_reconciliation
