{#- Delete an incremental staging model's rows of other versions of its file than the
    landed one, so that a file without a valid line leaves no rows of the one before. -#}
{% macro delete_other_versions(source_name, table_name) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where file_version not in (
            select {{ file_version() }}
            from {{ source(source_name, table_name) }}
            limit 1
        )
    {% endif %}
{% endmacro %}
