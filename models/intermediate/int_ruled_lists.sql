with candidates as (select * from {{ ref('top_n_candidates') }}),

choices as (select * from {{ ref('int_list_choices') }}),

histories as (
    select * from {{ ref('int_user_histories') }}
    where subset = 'all'
),

barred as (select * from {{ ref('int_barred_movies') }}),

rule_movies as (select * from {{ ref('int_rule_movies') }}),

quota_rows as (select * from {{ ref('int_quota_rows') }}),

pins as (select * from {{ ref('int_pins') }}),

list_lengths as (
    select
        user_id,
        count(*) as list_length
    from candidates
    group by user_id
),

lists as (
    select
        histories.user_id,
        histories.rule_lines,
        array_union(histories.movie_ids, histories.held_back_movie_ids)
            as own_movie_ids,
        choices.choice_count,
        coalesce(list_lengths.list_length, 0) as list_length,
        least({{ var('top_n') }}, choices.choice_count) as full_length
    from histories
    inner join choices on histories.user_id = choices.user_id
    left join list_lengths on histories.user_id = list_lengths.user_id
),

-- a list may be short where the quotas of all that is left are used up
unavailable_movies as (
    select
        candidates.user_id,
        candidates.movie_id
    from candidates
    union
    select
        quota_rows.user_id,
        rule_movies.movie_id
    from quota_rows
    inner join rule_movies
        on
            quota_rows.line = rule_movies.line
            and quota_rows.quota_group = rule_movies.quota_group
    where quota_rows.listed_count >= quota_rows.amount
),

unavailable_counts as (
    select
        lists.user_id,
        count(*) as movie_count
    from lists
    inner join unavailable_movies on lists.user_id = unavailable_movies.user_id
    left anti join barred
        on
            lists.rule_lines = barred.rule_lines
            and unavailable_movies.movie_id = barred.movie_id
    where
        lists.list_length < lists.full_length
        and not array_contains(lists.own_movie_ids, unavailable_movies.movie_id)
    group by lists.user_id
),

forbidden_rows as (
    select
        candidates.user_id,
        count(*) as listed_count
    from candidates
    inner join lists on candidates.user_id = lists.user_id
    left join barred
        on
            lists.rule_lines = barred.rule_lines
            and candidates.movie_id = barred.movie_id
    where
        barred.movie_id is not null
        or array_contains(lists.own_movie_ids, candidates.movie_id)
    group by candidates.user_id
),

surplus_rows as (
    select
        user_id,
        sum(greatest(listed_count - amount, 0)) as listed_count
    from quota_rows
    group by user_id
),

missing_pins as (
    select
        pins.user_id,
        count(*) as listed_count
    from pins
    inner join lists on pins.user_id = lists.user_id
    left anti join barred
        on lists.rule_lines = barred.rule_lines and pins.movie_id = barred.movie_id
    left anti join candidates
        on
            pins.user_id = candidates.user_id
            and pins.movie_id = candidates.movie_id
            and candidates.source = 'pin'
    where not array_contains(lists.own_movie_ids, pins.movie_id)
    group by pins.user_id
),

ruled_lists as (
    select
        lists.user_id,
        if(
            lists.choice_count <= unavailable_counts.movie_count,
            lists.list_length,
            lists.full_length
        ) as expected_length,
        coalesce(forbidden_rows.listed_count, 0)
        + coalesce(surplus_rows.listed_count, 0)
        + coalesce(missing_pins.listed_count, 0) as broken_row_count
    from lists
    left join unavailable_counts on lists.user_id = unavailable_counts.user_id
    left join forbidden_rows on lists.user_id = forbidden_rows.user_id
    left join surplus_rows on lists.user_id = surplus_rows.user_id
    left join missing_pins on lists.user_id = missing_pins.user_id
)

select * from ruled_lists
