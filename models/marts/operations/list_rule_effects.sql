with rules as (select * from {{ ref('list_rules') }}),

rule_movies as (select * from {{ ref('int_rule_movies') }}),

rule_users as (select * from {{ ref('int_rule_users') }}),

recommendations as (select * from {{ ref('recommendations') }}),

movie_counts as (
    select
        line,
        count(distinct movie_id) as movie_count
    from rule_movies
    group by line
),

lines_of_users as (
    select
        user_id,
        explode(rule_lines) as line
    from rule_users
),

user_counts as (
    select
        line,
        count(*) as user_count
    from lines_of_users
    group by line
),

listed_lines as (
    select explode(rule_lines) as line
    from recommendations
),

listed_counts as (
    select
        line,
        count(*) as listed_count
    from listed_lines
    group by line
),

effects as (
    select
        rules.line,
        rules.scope,
        rules.condition,
        rules.effect,
        rules.amount,
        coalesce(movie_counts.movie_count, 0) as movie_count,
        if(rules.shown_days is null, coalesce(user_counts.user_count, 0), null)
            as user_count,
        coalesce(listed_counts.listed_count, 0) as listed_count
    from rules
    left join movie_counts on rules.line = movie_counts.line
    left join user_counts on rules.line = user_counts.line
    left join listed_counts on rules.line = listed_counts.line
)

select * from effects
