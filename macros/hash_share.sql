{%- macro hash_share(salt) -%}
    pmod(xxhash64(user_id, movie_id, '{{ salt }}', {{ var('seed') }}), 10000) / 10000
{%- endmacro -%}
