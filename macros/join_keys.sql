{#- The join of a relation with the dictionary of an entity's ids, for key_of; nothing
    where ids are integers of 32 bits. -#}
{% macro join_keys(entity, relation) -%}
    {%- if var('id_type') != 'int' -%}
        left join {{ ref('int_' ~ entity ~ '_keys') }} as {{ entity }}_keys
            on
                cast({{ relation }}.{{ entity }}_id as string)
                = {{ entity }}_keys.{{ entity }}_id
    {%- endif -%}
{%- endmacro %}
