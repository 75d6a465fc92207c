{#- The topic, and the vars that decide what a record of the stream says: records that
    were staged with others are read again. -#}
{% macro judged_as() -%}
    {%- set parts = [stream_topic()] -%}
    {%- for name in ['rating_min', 'rating_max', 'id_type', 'feedback'] -%}
        {%- do parts.append(var(name)) -%}
    {%- endfor -%}
    {{ parts | join('/') }}
{%- endmacro %}
