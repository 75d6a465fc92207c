{#- The next offset of each partition whose records are staged already, judged as this
    build judges them; none where it stages them all. -#}
{% macro staged_offsets() %}
    {% if not execute or not is_incremental() or pinned_stream() is none %}
        {{ return({}) }}
    {% endif %}
    {% set staged = {'judged_as': judged_as()} %}
    {{ return(adapter.pin_rows(this, staged, 'partition', 'offset')) }}
{% endmacro %}
