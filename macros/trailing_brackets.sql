{#- A regular expression: a title's text, then all the brackets that end it. -#}
{% macro trailing_brackets() -%}
    r'^(.*?\S(?<!\b[Oo]r))((?: \([^()]+\))*)$'
{%- endmacro %}
