with segments as (select * from {{ ref('int_user_segments') }}),

buckets as (select distinct bucket from segments),

draws as (
    select
        bucket,
        explode(sequence(1, {{ var('bootstrap_replicates') }})) as replicate
    from buckets
),

shares as (
    select
        bucket,
        replicate,
        pmod(xxhash64(bucket, replicate, {{ var('seed') }}), 1000000) / 1000000 as share
    from draws
),

bootstrap_weights as (
    select
        bucket,
        replicate,
        {{ poisson_draw('share') }} as weight
    from shares
)

select * from bootstrap_weights
where weight > 0
