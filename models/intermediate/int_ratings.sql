{{ config(materialized='view' if var('id_type') == 'int' else 'table') }}
with ratings as (select * from {{ ref('accepted_ratings') }}),

keyed_ratings as (
    select
        {{ key_of('user', 'ratings') }} as user_id,
        {{ key_of('movie', 'ratings') }} as movie_id,
        ratings.rating,
        ratings.is_like,
        ratings.rated_at
    from ratings
    {{ join_keys('user', 'ratings') }}
    {{ join_keys('movie', 'ratings') }}
)

select * from keyed_ratings
