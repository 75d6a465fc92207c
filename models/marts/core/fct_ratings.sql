{%- set reads_sent = 'true' in [has_segments(), has_stream()] -%}

with {{ 'landed_ratings' if reads_sent else 'ratings' }} as (
    select * from {{ ref('stg_movielens__ratings') }}
),

{% if reads_sent -%}
    sent_ratings as (select * from {{ ref('stg_incoming__ratings') }}),

    ratings as (
        select
            landed_ratings.user_id,
            landed_ratings.movie_id,
            landed_ratings.rating,
            landed_ratings.rated_at
        from landed_ratings
        left anti join sent_ratings
            on
                landed_ratings.user_id = sent_ratings.user_id
                and landed_ratings.movie_id = sent_ratings.movie_id
        union all
        select
            user_id,
            movie_id,
            rating,
            rated_at
        from sent_ratings
    ),

{% endif -%}
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
