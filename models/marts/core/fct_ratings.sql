with ratings as (select * from {{ ref('stg_movielens__ratings') }}),

rating_facts as (
    select
        user_id,
        movie_id,
        rating,
        {{ is_like('rating') }} as is_like,
        rated_at
    from ratings
)

select * from rating_facts
