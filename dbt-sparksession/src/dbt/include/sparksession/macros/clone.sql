{#- dbt-core's: dbt-spark's wants Delta. -#}
{% materialization clone, adapter='sparksession' %}
    {% if defer_relation and not load_cached_relation(defer_relation) %}
        {{ exceptions.raise_compiler_error(
            defer_relation ~ " is not there to be cloned: build it where the state is"
            ~ " from, or leave it out (`--exclude " ~ model.name ~ "`)"
        ) }}
    {% endif %}
    {{ return(materialization_clone_default()) }}
{% endmaterialization %}


{#- A copy: two Iceberg tables that share files would delete them for each other. -#}
{% macro sparksession__create_or_replace_clone(this_relation, defer_relation) %}
    create {{ 'or replace' if adapter.table_format() }} table {{ this_relation }}
    {{ file_format_clause() }}
    {{ options_clause() }}
    {{ tblproperties_clause() }}
    {{ partition_cols(label='partitioned by') }}
    {{ clustered_cols(label='clustered by') }}
    {{ location_clause() }}
    {{ comment_clause() }}
    as select * from {{ defer_relation }}
{% endmacro %}
