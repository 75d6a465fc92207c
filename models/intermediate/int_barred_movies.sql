with rule_movies as (select * from {{ ref('int_rule_movies') }}),

rule_users as (select * from {{ ref('int_rule_users') }}),

sets_of_rules as (select distinct rule_lines from rule_users),

lines_of_sets as (
    select
        rule_lines,
        explode(rule_lines) as line
    from sets_of_rules
),

barred_movies as (
    select distinct
        lines_of_sets.rule_lines,
        rule_movies.movie_id
    from lines_of_sets
    inner join rule_movies on lines_of_sets.line = rule_movies.line
    where rule_movies.effect in ('never', 'only')
)

select * from barred_movies
