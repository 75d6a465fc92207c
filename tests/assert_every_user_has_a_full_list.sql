-- Each known user has top_n rows, fewer only where the catalogue runs out, ranked 1..n.
with users as (select * from {{ ref('dim_users') }}),

recommendations as (select * from {{ ref('recommendations') }}),

movies as (select * from {{ ref('dim_movies') }}),

histories as (select * from {{ ref('int_user_histories') }}),

catalogue as (select collect_set(movie_id) as movie_ids from movies),

list_lengths as (
    select
        users.user_id,
        count(recommendations.rank) as list_length,
        coalesce(max(recommendations.rank), 0) as last_rank
    from users
    left join recommendations on users.user_id = recommendations.user_id
    group by users.user_id
),

short_lists as (
    select
        list_lengths.user_id,
        list_lengths.list_length,
        list_lengths.last_rank
    from list_lengths
    inner join histories on list_lengths.user_id = histories.user_id
    cross join catalogue
    where
        list_lengths.list_length != list_lengths.last_rank
        or list_lengths.list_length != least(
            {{ var('top_n') }},
            size(array_except(catalogue.movie_ids, histories.movie_ids))
        )
)

select * from short_lists
