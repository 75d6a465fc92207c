{#- Delete staged records of another topic, or judged with other vars, before those that
    this build reads are added. -#}
{% macro delete_other_records() %}
    {% if is_incremental() and has_stream() == 'true' %}
        delete from {{ this }}
        where judged_as != '{{ judged_as() }}'
    {% endif %}
{% endmacro %}
