{%- set is_implicit = var('feedback') == 'implicit' -%}

with lines as (select * from {{ ref('base_incoming__ratings') }}),

landed_ratings as (select * from {{ ref('stg_movielens__ratings') }}),

sent_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        received_at,
        source_file,
        line_number
    from lines
    where reason is null and not is_repeated
),

-- received at no time: what was sent in the same second came later
older_ratings as (
    select
        landed_ratings.user_id,
        landed_ratings.movie_id,
        landed_ratings.rating,
        landed_ratings.rated_at,
        cast(null as string) as received_at,
        landed_ratings.source_file,
        cast(null as bigint) as line_number
    from landed_ratings
    left semi join sent_ratings
        on
            landed_ratings.user_id = sent_ratings.user_id
            and landed_ratings.movie_id = sent_ratings.movie_id
),

ratings as (
    select
        *,
        false as is_landed
    from sent_ratings
    union all
    select
        *,
        true as is_landed
    from older_ratings
),

ratings_in_order as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        source_file,
        is_landed,
        struct(rated_at, received_at, source_file, line_number) as arrival
    from ratings
),

latest_ratings as (
    select
        user_id,
        movie_id,
        {{ 'round(sum(rating), 6)' if is_implicit
            else 'max_by(rating, arrival)' }} as rating,
        max(rated_at) as rated_at,
        {% if is_implicit -%}
            coalesce(
                max(if(is_landed, source_file, null)), max_by(source_file, arrival)
            ) as source_file,
        {%- else -%}
            max_by(source_file, arrival) as source_file,
        {%- endif %}
        max(is_landed) as is_landed
    from ratings_in_order
    group by user_id, movie_id
)

select * from latest_ratings
