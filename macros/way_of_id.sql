{#- With which type of ids `cinespark data` reads an id that is not of the type of the
    data set; nothing for a number with decimals or spaces, which has to be mended. -#}
{% macro way_of_id(id) -%}
    if(
        {{ id }} rlike r'^\s*[+-]?\d+([.,]\d*)?\s*$' and {{ id }} not rlike r'^[+-]?\d+$',
        '',
        concat(
            ' (cinespark data --ids ',
            if(try_cast({{ id }} as bigint) is null, 'string', 'bigint'),
            ' reads it)'
        )
    )
{%- endmacro %}
