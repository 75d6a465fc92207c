{#- Whether a row of the accounts is of what people sent: of a segment, or of a
    partition of the stream's topic. -#}
{% macro is_sent(source_file) -%}
    {%- if has_stream() == 'true' -%}
        ({{ source_file }} like '%.jsonl' or {{ source_file }} like '%/%')
    {%- else -%}
        {{ source_file }} like '%.jsonl'
    {%- endif -%}
{%- endmacro %}
