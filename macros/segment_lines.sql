{#- The lines of the segments of a kind that the command reads, each with the columns of
    `schema` and with its text in `raw_line`; what is no JSON of them has its text in
    `_corrupt`. What was closed since the command began is left to the next one. No lines
    if there are no segments. -#}
{% macro segment_lines(kind, segments, pins, schema) -%}
    {%- set parsed =
        "inline(array(from_json(raw_line, '" ~ schema ~ ", _corrupt string', "
        ~ "map('columnNameOfCorruptRecord', '_corrupt', 'allowSingleQuotes', 'false', "
        ~ "'allowNonNumericNumbers', 'false'))))"
    -%}
    with
    {% if has_segments(kind) == 'true' -%}
        listed as (
            {{ listed_segments(kind, pins) }}
        ),

        all_lines as (
            select
                _metadata['file_name'] as source_file,
                _metadata['file_modification_time'] as landed_at,
                value as raw_line
            from {{ of_pin(segments, kind) }}
        ),

        raw_lines as (
            select
                all_lines.source_file,
                all_lines.landed_at,
                all_lines.raw_line
            from all_lines
            left semi join listed on all_lines.source_file = listed.source_file
        )
    {%- else -%}
        raw_lines as (
            select
                '' as source_file,
                timestamp '1970-01-01' as landed_at,
                '' as raw_line
            where false
        )
    {%- endif %}
    select
        source_file,
        landed_at,
        raw_line,
        {{ parsed }}
    from raw_lines
{%- endmacro %}
