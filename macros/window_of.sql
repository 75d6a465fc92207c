{#- When the window began that a time falls into: windows of so many whole seconds, one
    after the other since 1970. -#}
{% macro window_of(time, seconds) -%}
    timestamp_seconds(unix_seconds({{ time }}) - unix_seconds({{ time }}) % {{ seconds }})
{%- endmacro %}
