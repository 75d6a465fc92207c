{%- macro bootstrap_bucket(user_id) -%}
    pmod(xxhash64({{ user_id }}, {{ var('seed') }}), {{ var('bootstrap_buckets') }})
{%- endmacro -%}
