{#- The folder of the data set that is read: the var `data_dir`, or the current one
    below the target's state folder. As _sources.yml says it, which knows no macros. -#}
{% macro landing_folder() -%}
    {{ return(var('data_dir') or target.state_dir ~ '/data/current') }}
{%- endmacro %}
