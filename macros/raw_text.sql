{#- Raw bytes as a text to look at: UTF-8 as it is, other bytes in hexadecimal; what is
    longer than a thousand characters is cut, with its number of bytes. -#}
{% macro raw_text(bytes) -%}
    concat(
        case
            when {{ bytes }} is null then ''
            when is_valid_utf8(cast({{ bytes }} as string))
                then left(cast({{ bytes }} as string), 1000)
            else concat('0x', lower(hex(substring({{ bytes }}, 1, 499))))
        end,
        case
            when
                char_length(cast({{ bytes }} as string)) > 1000
                or (
                    not is_valid_utf8(cast({{ bytes }} as string))
                    and octet_length({{ bytes }}) > 499
                )
                then concat('… (', octet_length({{ bytes }}), ' bytes)')
            else ''
        end
    )
{%- endmacro %}
