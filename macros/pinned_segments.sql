{#- The list of the closed segments of a kind, for the data set that is read, as it was
    when the command began: `incoming`, ratings that people sent, or the earlier list that
    the var `incoming` names; `shown` and `events`, with the var `outcomes`. None if there
    are no segments, if the var is false, and while dbt parses. -#}
{% macro pinned_segments(kind='incoming') %}
    {% set wanted = var('incoming') if kind == 'incoming' else var('outcomes') %}
    {% set dataset = landed_dataset() if wanted else none %}
    {% if dataset is none %}
        {{ return(none) }}
    {% endif %}
    {% set name = wanted if wanted is string else none %}
    {{ return(adapter.pin_files(incoming_folder(kind, dataset), '.jsonl', name)) }}
{% endmacro %}
