{#- A source of segments of all data sets, or of their lists, narrowed to the list that
    the command reads. -#}
{% macro of_pin(file, kind='incoming') -%}
    {%- set pin = pinned_segments(kind) -%}
    {%- if pin is none -%}
        {{ file }}
    {%- else -%}
        {%- set folder = pin['path'].rsplit('/', 1)[0] -%}
        {%- set everywhere = target.state_dir ~ '/' ~ kind ~ '/*/' -%}
        {{ (file | string)
            | replace(everywhere ~ 'pinned-*.json`', pin['path'] ~ '`')
            | replace(everywhere, folder ~ '/') }}
    {%- endif -%}
{%- endmacro %}
