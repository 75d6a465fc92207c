{#- The segments of a kind that the command reads, with lines, bytes and SHA-256 as they
    were listed; none if there are none. -#}
{% macro listed_segments(kind, pins) -%}
    {% if has_segments(kind) == 'true' -%}
        select
            '{{ kind }}' as kind,
            inline(
                from_json(
                    value,
                    'files array<
                        struct<file string, rows bigint, bytes bigint, sha256 string>
                    >'
                )['files']
            ) as (source_file, line_count, byte_count, sha256)
        from {{ of_pin(pins, kind) }}
    {%- else -%}
        select
            '{{ kind }}' as kind,
            '' as source_file,
            0L as line_count,
            0L as byte_count,
            '' as sha256
        where false
    {%- endif %}
{%- endmacro %}
