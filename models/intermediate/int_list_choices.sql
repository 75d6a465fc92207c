with histories as (
    select * from {{ ref('int_user_histories') }}
    where subset = 'all'
),

movies as (select * from {{ ref('int_movies') }}),

barred as (select * from {{ ref('int_barred_movies') }}),

catalogue as (select count(*) as movie_count from movies),

barred_counts as (
    select
        rule_lines,
        count(*) as movie_count
    from barred
    group by rule_lines
),

own_movies as (
    select
        user_id,
        rule_lines,
        explode(array_union(movie_ids, held_back_movie_ids)) as movie_id
    from histories
),

own_counts as (
    select
        own_movies.user_id,
        count(*) as movie_count
    from own_movies
    inner join movies on own_movies.movie_id = movies.movie_id
    left anti join barred
        on
            own_movies.rule_lines = barred.rule_lines
            and own_movies.movie_id = barred.movie_id
    group by own_movies.user_id
),

list_choices as (
    select
        histories.user_id,
        histories.rule_lines,
        catalogue.movie_count
        - coalesce(barred_counts.movie_count, 0)
        - coalesce(own_counts.movie_count, 0) as choice_count
    from histories
    cross join catalogue
    left join barred_counts on histories.rule_lines = barred_counts.rule_lines
    left join own_counts on histories.user_id = own_counts.user_id
)

select * from list_choices
