{%- macro bootstrap_bucket(user_id) -%}
    pmod(xxhash64({{ user_id }}, {{ var('seed') }}), 200)
{%- endmacro -%}
