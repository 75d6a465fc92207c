{{ config(materialized='table' if var('rules') else 'view') }}
with movies as (select * from {{ ref('int_movies') }}),
{% if var('rules') %}
    rules as (select * from {{ ref('list_rules') }}),

    described_movies as (
        select
            movie_id,
            cast(public_id as string) as public_id,
            genres,
            lower({{ franchise('title') }}) as franchise,
            release_year,
            rating_count
        from movies
    ),

    matches as (
        select
            rules.line,
            rules.effect,
            rules.amount,
            rules.each_of,
            rules.shown_days is null
            and (rules.effect = 'only') != (
                rules.ages is null
                and rules.genders is null
                and rules.occupations is null
                and rules.user_ids is null
            ) as is_for_strangers,
            described_movies.movie_id,
            described_movies.genres,
            described_movies.franchise
        from rules
        cross join described_movies
        where
            {{ is_any_of('described_movies.public_id', 'rules.movie_ids') }}
            and (
                rules.genres is null
                or arrays_overlap(rules.genres, described_movies.genres)
            )
            and {{ is_any_of('described_movies.franchise', 'rules.franchises') }}
            and {{ is_within(
                'described_movies.release_year', 'rules.year_from', 'rules.year_to'
            ) }}
            and {{ is_within(
                'described_movies.rating_count',
                'rules.ratings_from',
                'rules.ratings_to'
            ) }}
    ),

    rule_movies as (
        select
            line,
            effect,
            amount,
            is_for_strangers,
            movie_id,
            explode(
                case each_of
                    when 'genre' then genres
                    when 'franchise' then array(franchise)
                    else array('')
                end
            ) as quota_group
        from matches
    )
{% else %}
    rule_movies as (
        select
            cast(null as int) as line,
            cast(null as string) as effect,
            cast(null as double) as amount,
            cast(null as boolean) as is_for_strangers,
            movie_id,
            cast(null as string) as quota_group
        from movies
        where false
    )
{% endif %}
select * from rule_movies
