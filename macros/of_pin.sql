{#- A source of files of all data sets and lists, narrowed to those of the list that the
    command has pinned. -#}
{% macro of_pin(file) -%}
    {%- set pin = pinned_segments() -%}
    {%- if pin is none -%}
        {{ file }}
    {%- else -%}
        {%- set folder = pin['path'].rsplit('/', 1)[0] -%}
        {%- set everywhere = target.state_dir ~ '/incoming/*/' -%}
        {{ (file | string)
            | replace(everywhere ~ 'pinned-*.json`', pin['path'] ~ '`')
            | replace(everywhere, folder ~ '/') }}
    {%- endif -%}
{%- endmacro %}
