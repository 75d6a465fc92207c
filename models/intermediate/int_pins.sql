with rule_users as (select * from {{ ref('int_rule_users') }}),

rule_movies as (select * from {{ ref('int_rule_movies') }}),

limited as (
    select distinct
        line,
        movie_id
    from rule_movies
    where effect = 'at most'
),

pins_of_users as (
    select
        rule_users.user_id,
        rule_users.rule_lines,
        rule_movies.movie_id,
        row_number() over (
            partition by rule_users.user_id, rule_movies.amount
            order by rule_movies.line
        ) as claim
    from rule_users
    inner join rule_movies on array_contains(rule_users.rule_lines, rule_movies.line)
    where rule_movies.effect = 'pin'
),

pins as (
    select distinct
        pins_of_users.user_id,
        pins_of_users.movie_id
    from pins_of_users
    left anti join limited
        on
            pins_of_users.movie_id = limited.movie_id
            and array_contains(pins_of_users.rule_lines, limited.line)
    where pins_of_users.claim = 1
)

select * from pins
