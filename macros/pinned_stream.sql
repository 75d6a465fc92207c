{#- How far the command reads the topic, as the table of the stream was when the command
    began: the next offset of each partition. None if the table is not there or has nothing
    of the topic, if the var `stream` is false, and while dbt parses. -#}
{% macro pinned_stream() %}
    {% set topic = stream_topic() if execute and var('stream') else none %}
    {% if topic is none %}
        {{ return(none) }}
    {% endif %}
    {% set table = source('stream', 'rating_events') %}
    {% set ends = adapter.pin_rows(table, {'topic': topic}, 'partition', 'offset') %}
    {{ return(ends or none) }}
{% endmacro %}
