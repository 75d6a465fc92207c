{#- Delete what an incremental staging model holds of another version of its file
    than the one that is landed: so a file without any sound line leaves no rows of
    the one before. -#}
{% macro delete_other_versions(source_name, table_name) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where file_version not in (
            select {{ file_version(['rating_min', 'rating_max']) }}
            from {{ source(source_name, table_name) }}
            limit 1
        )
    {% endif %}
{% endmacro %}
