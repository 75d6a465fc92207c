with segments as (select * from {{ ref('int_user_segments') }}),

buckets as (select distinct bucket from segments),

draws as (
    select
        bucket,
        explode(sequence(1, {{ var('bootstrap_replicates') }})) as replicate
    from buckets
),

uniform_draws as (
    select
        bucket,
        replicate,
        pmod(xxhash64(bucket, replicate, {{ var('seed') }}), 1000000) / 1000000
            as uniform
    from draws
),

bootstrap_weights as (
    select
        bucket,
        replicate,
        {{ poisson_draw('uniform') }} as weight
    from uniform_draws
),

drawn_buckets as (
    select
        bucket,
        replicate,
        weight
    from bootstrap_weights
    where weight > 0
)

select * from drawn_buckets
