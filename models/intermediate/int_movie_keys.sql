{%- set has_keys = var('id_type') != 'int' -%}
{{
    config(
        materialized='incremental' if has_keys else 'view',
        alias='int_movie_keys' if has_keys else 'int_movie_keys_of_integers',
        incremental_strategy='append',
        full_refresh=false
    )
}}
with ids as (
    select cast(movie_id as string) as movie_id from {{ ref('accepted_movies') }}
    union
    select cast(movie_id as string) as movie_id from {{ ref('accepted_ratings') }}
),

keys as (
    {{ grown_keys('movie', 'ids', 'int_movies') }}
)

select * from keys
