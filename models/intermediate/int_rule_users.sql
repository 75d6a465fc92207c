with rules as (select * from {{ ref('list_rules') }}),

users as (select * from {{ ref('int_users') }}),

movies as (select * from {{ ref('int_movies') }}),

rule_movies as (select * from {{ ref('int_rule_movies') }}),

shown as (select * from {{ ref('shown_movies') }}),

-- what is for some users only is kept from the others
rules_of_users as (
    select
        users.user_id,
        users.public_id,
        rules.line,
        rules.shown_days
    from users
    cross join rules
    where
        (rules.effect = 'only')
        != (
            {{ is_any_of('users.age_band', 'rules.ages') }}
            and {{ is_any_of('users.gender', 'rules.genders') }}
            and {{ is_any_of('users.occupation', 'rules.occupations') }}
            and {{ is_any_of('cast(users.public_id as string)', 'rules.user_ids') }}
        )
),

lines as (
    select
        user_id,
        array_sort(collect_list(line)) as rule_lines
    from rules_of_users
    where shown_days is null
    group by user_id
),

held_back as (
    select
        rules_of_users.user_id,
        array_sort(collect_set(movies.movie_id)) as movie_ids
    from rules_of_users
    inner join shown on rules_of_users.public_id = shown.user_id
    inner join movies on shown.movie_id = movies.public_id
    inner join rule_movies
        on
            rules_of_users.line = rule_movies.line
            and movies.movie_id = rule_movies.movie_id
    where
        shown.last_shown_at
        >= timestamp('{{ run_started_at }}')
        - make_dt_interval(rules_of_users.shown_days)
    group by rules_of_users.user_id
),

rule_users as (
    select
        users.user_id,
        coalesce(lines.rule_lines, cast(array() as array<int>)) as rule_lines,
        coalesce(held_back.movie_ids, cast(array() as array<int>))
            as held_back_movie_ids
    from users
    left join lines on users.user_id = lines.user_id
    left join held_back on users.user_id = held_back.user_id
)

select * from rule_users
