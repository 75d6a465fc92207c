with candidates as (select * from {{ ref('top_n_candidates') }}),

rule_users as (select * from {{ ref('int_rule_users') }}),

rule_movies as (
    select * from {{ ref('int_rule_movies') }}
    where effect = 'at most'
),

quota_rows as (
    select
        candidates.user_id,
        rule_movies.line,
        rule_movies.quota_group,
        rule_movies.amount,
        count(*) as listed_count
    from candidates
    inner join rule_users on candidates.user_id = rule_users.user_id
    inner join rule_movies
        on
            candidates.movie_id = rule_movies.movie_id
            and array_contains(rule_users.rule_lines, rule_movies.line)
    group by
        candidates.user_id,
        rule_movies.line,
        rule_movies.quota_group,
        rule_movies.amount
)

select * from quota_rows
