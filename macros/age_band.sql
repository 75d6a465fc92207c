{#- The age bands of MovieLens 1M; null if the age is not known. -#}
{% macro age_band(age) -%}
    case
        when {{ age }} < 18 then 'under 18'
        when {{ age }} < 25 then '18-24'
        when {{ age }} < 35 then '25-34'
        when {{ age }} < 45 then '35-44'
        when {{ age }} < 50 then '45-49'
        when {{ age }} < 56 then '50-55'
        when {{ age }} >= 56 then '56 and over'
    end
{%- endmacro %}
