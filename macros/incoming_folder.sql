{#- The folder of what people sent to the service for a data set, as
    `cinespark.paths.dataset_folder` names it: by the name of the set, or by a sum of a name
    that is no name of a folder. `kind`: incoming, shown or events. -#}
{% macro incoming_folder(kind, dataset) -%}
    {%- set plain = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}' -%}
    {%- set is_plain = modules.re.fullmatch(plain, dataset) -%}
    {%- set name = dataset if is_plain else 'md5.' ~ local_md5(dataset) -%}
    {{ return(target.state_dir ~ '/' ~ kind ~ '/' ~ name) }}
{%- endmacro %}
