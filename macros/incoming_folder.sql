{#- The folder of what people sent to the service for a data set. `kind`: incoming,
    shown or events. -#}
{% macro incoming_folder(kind, dataset) -%}
    {{ return(target.state_dir ~ '/' ~ kind ~ '/' ~ dataset_folder(dataset)) }}
{%- endmacro %}
