{{ config(materialized='view' if var('id_type') == 'int' else 'table') }}
with users as (select * from {{ ref('dim_users') }}),

keyed_users as (
    select
        {{ key_of('user', 'users') }} as user_id,
        users.user_id as public_id,
        {{ demographic('users.gender') }} as gender,
        {{ demographic('users.occupation') }} as occupation,
        {{ demographic('users.age_band') }} as age_band,
        users.rating_count
    from users
    {{ join_keys('user', 'users') }}
)

select * from keyed_users
