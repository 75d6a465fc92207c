{%- set has_keys = var('id_type') != 'int' -%}
{{
    config(
        materialized='incremental' if has_keys else 'view',
        alias='int_user_keys' if has_keys else 'int_user_keys_of_integers',
        incremental_strategy='append',
        full_refresh=false
    )
}}
with ids as (
    select cast(user_id as string) as user_id from {{ ref('dim_users') }}
    union
    select cast(user_id as string) as user_id from {{ ref('accepted_ratings') }}
),

keys as (
    {{ grown_keys('user', 'ids', 'int_users') }}
)

select * from keys
