{#- The key of an entity's id in a relation that join_keys has joined: the id itself
    where ids are integers of 32 bits, which need no dictionary. -#}
{% macro key_of(entity, relation) -%}
    {%- if var('id_type') == 'int' -%}
        {{ relation }}.{{ entity }}_id
    {%- else -%}
        {{ entity }}_keys.{{ entity }}_key
    {%- endif -%}
{%- endmacro %}
