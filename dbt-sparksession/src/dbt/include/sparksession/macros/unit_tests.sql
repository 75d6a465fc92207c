{#- Overrides dbt's: each value arrives as it was written, arrays, maps and structs with
    either kind of quotes, and one that does not fit its column is named with it. -#}
{%- macro format_row(row, column_name_to_data_types) -%}
    {%- set fixture = "expected output" if model.resource_type == 'unit_test'
        else "'" ~ model.name ~ "'" -%}
    {%- set formatted_row = {} -%}
    {%- for name, value in row.items() -%}
        {%- set column = name | lower -%}
        {%- if column not in column_name_to_data_types -%}
            {{ exceptions.raise_compiler_error(
                "Invalid column name: '" ~ column ~ "' in unit test fixture for " ~ fixture
                ~ ".\nAccepted columns for " ~ fixture ~ " are: "
                ~ (column_name_to_data_types.keys() | list)
            ) }}
        {%- endif -%}
        {%- do formatted_row.update({column: adapter.fixture_value(
            fixture, name, value, column_name_to_data_types[column]
        )}) -%}
    {%- endfor -%}
    {{ return(formatted_row) }}
{%- endmacro -%}
