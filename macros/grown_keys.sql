{#- The new rows of a dictionary that only grows: each id of `ids` that it lacks gets
    the next key. One that was lost begins with what the last build of `keyed_model`
    says; integers of 32 bits need none. -#}
{% macro grown_keys(entity, ids, keyed_model) -%}
    {%- set id = entity ~ '_id' -%}
    {%- set key = entity ~ '_key' -%}
    with last_build as (
        {{ last_build_of(
            keyed_model,
            {'public_id': 'string', id: 'int'},
            is_wanted=var('id_type') != 'int' and not is_incremental()
        ) }}
    ),

    known_keys as (
        select
            public_id as {{ id }},
            {{ id }} as {{ key }}
        from last_build
        {{ 'union all select ' ~ id ~ ', ' ~ key ~ ' from ' ~ this if is_incremental() }}
    ),

    last_key as (select coalesce(max({{ key }}), 0) as {{ key }} from known_keys)

    select
        {{ ids }}.{{ id }},
        cast(
            last_key.{{ key }} + row_number() over (order by {{ ids }}.{{ id }}) as int
        ) as {{ key }}
    from {{ ids }}
    left anti join known_keys on {{ ids }}.{{ id }} = known_keys.{{ id }}
    cross join last_key
    {% if var('id_type') == 'int' -%}
        where false
    {%- elif not is_incremental() -%}
        union all
        select
            {{ id }},
            {{ key }}
        from known_keys
    {%- endif %}
{%- endmacro %}
