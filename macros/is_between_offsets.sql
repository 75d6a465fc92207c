{#- Whether a record of the stream is at or after the first offset of its partition,
    which is 0 where `first` has none, and before its next one. -#}
{% macro is_between_offsets(first, next) -%}
    {%- set spans = [] -%}
    {%- for partition, end in (next or {}).items() -%}
        {%- do spans.append(
            'partition = ' ~ partition ~ ' and offset >= '
            ~ (first or {}).get(partition, 0) ~ ' and offset < ' ~ end
        ) -%}
    {%- endfor -%}
    {#- Spark takes `from t where (false)` for a table that is called `where` -#}
    {{ '(' ~ spans | join(' or ') ~ ')' if spans else 'false' }}
{%- endmacro %}
