{%- if var('evaluate') == 'all' -%}

    with judged as (select * from {{ ref('simulated_new_users') }}),

    retraining_sums as (
        select
            if(is_retrained, 'retraining', 'fold_in') as way,
            {{ bootstrap_bucket('user_id') }} as bucket,
            count(*) as user_count,
            sum(ndcg) as ndcg
        from judged
        where
            role = 'ranker'
            and model = '{{ var("ranker") }}'
            and shown_ratings = 'all'
            and not uses_demographics
        group by is_retrained, bucket
    )

    select * from retraining_sums

{%- else -%}

    with ranking_sums as (select * from {{ ref('int_ranking_sums') }}),

    nobody as (
        select
            cast(null as string) as way,
            cast(null as bigint) as bucket,
            cast(null as bigint) as user_count,
            cast(null as double) as ndcg
        from ranking_sums
        where false
    )

    select * from nobody

{%- endif %}
