-- What one layer hands on is what the next one has.
with counts as (
    select
        'ratings' as rows_of,
        'stg_movielens__ratings' as model_name,
        count(*) as counted_rows
    from {{ ref('stg_movielens__ratings') }}
    union all
    select
        'ratings' as rows_of,
        'fct_ratings' as model_name,
        count(*) as counted_rows
    from {{ ref('fct_ratings') }}
    union all
    select
        'ratings' as rows_of,
        'int_ratings_split' as model_name,
        count(*) as counted_rows
    from {{ ref('int_ratings_split') }}
    union all
    select
        'ratings' as rows_of,
        'dim_users' as model_name,
        coalesce(sum(rating_count), 0) as counted_rows
    from {{ ref('dim_users') }}
    union all
    select
        'movies' as rows_of,
        'stg_movielens__movies' as model_name,
        count(*) as counted_rows
    from {{ ref('stg_movielens__movies') }}
    union all
    select
        'movies' as rows_of,
        'dim_movies' as model_name,
        count(*) as counted_rows
    from {{ ref('dim_movies') }}
    union all
    select
        'users' as rows_of,
        'dim_users' as model_name,
        count(*) as counted_rows
    from {{ ref('dim_users') }}
    union all
    select
        'users' as rows_of,
        'int_user_histories' as model_name,
        count(*) as counted_rows
    from {{ ref('int_user_histories') }}
    where side = 'all'
),

differences as (
    select
        rows_of,
        collect_list(concat(model_name, ': ', counted_rows)) as row_counts
    from counts
    group by rows_of
    having count(distinct counted_rows) > 1
)

select * from differences
