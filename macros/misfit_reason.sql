{#- Why a raw line does not fit its schema: the reason that `cinespark data` wrote
    before a record that it could not convert, quotes, the number of fields, or the
    first value of another type. -#}
{% macro misfit_reason(line, header, schema) -%}
    {%- set names = header.split(',') -%}
    {%- set columns = schema.split(', ') -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append(column.split(' ')[0] ~ ' string') -%}
    {%- endfor -%}
    case
        when {{ line }} rlike r'^![^\t]+\t'
            then regexp_extract({{ line }}, r'^!([^\t]+)\t', 1)
        when {{ holds_unpaired_quotes(line) }} then 'quotes that do not pair'
        when {{ field_count(line) }} != {{ names | length }}
            then concat(
                '{{ names | length }} fields expected, ',
                {{ field_count(line) }},
                ' found'
            )
        else transform(
            array(from_csv({{ line }}, '{{ texts | join(', ') }}', map('escape', '"'))),
            fields -> coalesce(
                {%- for column in columns %}
                {%- set name, type = column.split(' ') %}
                {{ value_reason('fields.' ~ name, names[loop.index0], type) }},
                {%- endfor %}
                'not {{ header }}'
            )
        )[0]
    end
{%- endmacro %}
