{#- A query for the time of the last record of the topic, for `dbt source freshness`;
    without a stream there is nothing that could be late. -#}
{% macro stream_loaded_at() -%}
    {%- if has_stream() == 'true' -%}
        select max(sent_at) as loaded_at
        from {{ source('stream', 'rating_events') }}
        where topic = '{{ stream_topic() }}'
    {%- else -%}
        select current_timestamp() as loaded_at
    {%- endif -%}
{%- endmacro %}
