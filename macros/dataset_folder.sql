{#- The name of the folder of a data set, as `cinespark.paths.dataset_folder` has it:
    its own, or a sum of one that can name no folder. -#}
{% macro dataset_folder(dataset) -%}
    {%- set plain = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}' -%}
    {%- set is_plain = modules.re.fullmatch(plain, dataset) -%}
    {{ return(dataset if is_plain else 'md5.' ~ local_md5(dataset)) }}
{%- endmacro %}
