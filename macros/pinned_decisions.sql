{#- How far the command reads what `cinespark held` has written about the topic: the
    next number. None without a decision or a stream, and while dbt parses. -#}
{% macro pinned_decisions() %}
    {% if not execute or pinned_stream() is none %}
        {{ return(none) }}
    {% endif %}
    {% set topic = stream_topic() %}
    {% set table = source('stream', 'held_decisions') %}
    {% set ends = adapter.pin_rows(
        table, {'topic': topic}, 'topic', 'decision_number'
    ) %}
    {{ return((ends or {}).get(topic)) }}
{% endmacro %}
