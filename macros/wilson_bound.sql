{#- A bound of the 95 % interval of a share (Wilson 1927), the lower one with the sign
    '-', the upper one with '+'. Null of nothing. -#}
{% macro wilson_bound(count, total, sign) -%}
    {%- set share = 'try_divide(' ~ count ~ ', ' ~ total ~ ')' -%}
    {%- set square = '3.841459D / ' ~ total -%}
    {%- set spread = share ~ ' * (1 - ' ~ share ~ ') + ' ~ square ~ ' / 4' -%}
    {%- set margin = 'sqrt(' ~ square ~ ' * (' ~ spread ~ '))' -%}
    try_divide(
        {{ share }} + {{ square }} / 2 {{ sign }} {{ margin }}, 1 + {{ square }}
    )
{%- endmacro %}
