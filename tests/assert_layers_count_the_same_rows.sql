-- What one layer hands on is what the next one has.
with counts as (
    {% for entity, model, rows in [
        (
            'ratings',
            'line_reconciliation',
            "sum(accepted_count) filter (where source_file like 'ratings.csv'"
            " or " ~ is_sent('source_file') ~ ")",
        ),
        ('ratings', 'fct_ratings', 'count(*)'),
        ('ratings', 'int_ratings_split', 'count(*)'),
        ('ratings', 'dim_users', 'coalesce(sum(rating_count), 0)'),
        ('movies', 'stg_movielens__movies', 'count(*)'),
        ('movies', 'dim_movies', 'count(*)'),
        ('users', 'dim_users', 'count(*)'),
        ('users', 'int_user_histories', "count_if(subset = 'all')"),
    ] -%}
        select
            '{{ entity }}' as entity,
            '{{ model }}' as model_name,
            {{ rows }} as counted_rows
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

differences as (
    select
        entity,
        collect_list(concat(model_name, ': ', counted_rows)) as row_counts
    from counts
    group by entity
    having count(distinct counted_rows) > 1
)

select * from differences
