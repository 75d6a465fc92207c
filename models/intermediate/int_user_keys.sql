{%- set has_keys = var('id_type') != 'int' -%}
{{
    config(
        materialized='incremental' if has_keys else 'view',
        alias='int_user_keys' if has_keys else 'int_user_keys_of_integers',
        incremental_strategy='append',
        full_refresh=false
    )
}}
with users as (
    select cast(user_id as string) as user_id from {{ ref('dim_users') }}
    union
    select cast(user_id as string) as user_id from {{ ref('accepted_ratings') }}
),

{% if not has_keys -%}
    keys as (
        select
            user_id,
            cast(user_id as int) as user_key
        from users
        where false
    )
{%- else -%}
    {% if is_incremental() -%}
        known_keys as (
            select
                user_id,
                user_key
            from {{ this }}
        ),
    {%- else -%}
        -- a dictionary that was lost is what the last build made of it
        known_users as (
            {{ last_build_of(
                'int_users', {'public_id': 'string', 'user_id': 'int'}
            ) }}
        ),

        known_keys as (
            select
                public_id as user_id,
                user_id as user_key
            from known_users
        ),
    {%- endif %}

    last_key as (select coalesce(max(user_key), 0) as user_key from known_keys),

    keys as (
        select
            users.user_id,
            cast(
                last_key.user_key + row_number() over (order by users.user_id) as int
            ) as user_key
        from users
        left anti join known_keys on users.user_id = known_keys.user_id
        cross join last_key
        {% if not is_incremental() -%}
            union all
            select
                user_id,
                user_key
            from known_keys
        {%- endif %}
    )
{%- endif %}

select * from keys
