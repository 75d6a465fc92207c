{%- set has_keys = var('id_type') != 'int' -%}
{{
    config(
        materialized='incremental' if has_keys else 'view',
        alias='int_movie_keys' if has_keys else 'int_movie_keys_of_integers',
        incremental_strategy='append',
        full_refresh=false
    )
}}
with movies as (
    select cast(movie_id as string) as movie_id from {{ ref('accepted_movies') }}
    union
    select cast(movie_id as string) as movie_id from {{ ref('accepted_ratings') }}
),

{% if not has_keys -%}
    keys as (
        select
            movie_id,
            cast(movie_id as int) as movie_key
        from movies
        where false
    )
{%- else -%}
    {% if is_incremental() -%}
        known_keys as (
            select
                movie_id,
                movie_key
            from {{ this }}
        ),
    {%- else -%}
        -- a dictionary that was lost is what the last build made of it
        known_movies as (
            {{ last_build_of(
                'int_movies', {'public_id': 'string', 'movie_id': 'int'}
            ) }}
        ),

        known_keys as (
            select
                public_id as movie_id,
                movie_id as movie_key
            from known_movies
        ),
    {%- endif %}

    last_key as (select coalesce(max(movie_key), 0) as movie_key from known_keys),

    keys as (
        select
            movies.movie_id,
            cast(
                last_key.movie_key + row_number() over (order by movies.movie_id) as int
            ) as movie_key
        from movies
        left anti join known_keys on movies.movie_id = known_keys.movie_id
        cross join last_key
        {% if not is_incremental() -%}
            union all
            select
                movie_id,
                movie_key
            from known_keys
        {%- endif %}
    )
{%- endif %}

select * from keys
