with lines as (select * from {{ ref('base_movielens__users') }}),

ranked_users as (
    select
        user_id,
        age,
        gender,
        occupation,
        zip,
        count(*) over (partition by user_id) as line_count,
        row_number() over (partition by user_id order by line) as line_rank
    from lines
    where reason is null
),

users as (
    select
        user_id,
        age,
        gender,
        occupation,
        zip,
        line_count
    from ranked_users
    where line_rank = 1
)

select * from users
