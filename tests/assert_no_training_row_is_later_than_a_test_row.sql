with ratings as (select * from {{ ref('int_ratings_split') }}),

subsets as (
    select
        user_id,
        rated_at,
        explode(
            array(
                struct('temporal' as split, temporal_split as subset),
                struct('last_out' as split, last_out_split as subset),
                struct(
                    'temporal validation' as split,
                    case
                        when is_temporal_validation then 'test'
                        when temporal_split = 'train' then 'train'
                    end as subset
                ),
                struct(
                    'last_out validation' as split,
                    case
                        when is_last_out_validation then 'test'
                        when last_out_split = 'train' then 'train'
                    end as subset
                )
            )
        ) as entry
    from ratings
),

times_by_user as (
    select
        user_id,
        entry['split'] as split,
        max(if(entry['subset'] = 'train', rated_at, null)) as last_training_at,
        min(if(entry['subset'] = 'test', rated_at, null)) as first_test_at
    from subsets
    group by user_id, entry['split']
),

global_times as (
    select
        cast(null as int) as user_id,
        'global' as split,
        max(if(global_split = 'train', rated_at, null)) as last_training_at,
        min(if(global_split = 'test', rated_at, null)) as first_test_at
    from ratings
),

all_times as (
    select * from times_by_user
    union all
    select * from global_times
),

leaks as (
    select *
    from all_times
    where last_training_at > first_test_at
)

select * from leaks
