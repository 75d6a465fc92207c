with candidates as (select * from {{ ref('int_candidate_recommendations') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

-- pins and new movies stand where they are put, whatever their scores
placed_candidates as (
    select
        user_id,
        rank,
        movie_id,
        score,
        predicted_rating,
        source,
        source in ('pin', 'exploration') as is_fixed
    from candidates
),

neighbours as (
    select
        user_id,
        rank,
        movie_id,
        score,
        predicted_rating,
        source,
        is_fixed,
        lag(source) over (partition by user_id, is_fixed order by rank)
            as previous_source,
        lag(score) over (partition by user_id, is_fixed order by rank)
            as previous_score
    from placed_candidates
),

checked_candidates as (
    select
        neighbours.user_id,
        neighbours.rank,
        neighbours.source,
        ratings.user_id is not null as is_rated,
        not coalesce(
            abs(neighbours.score) < double('infinity')
            {% if predictor_name() != 'none' -%}
                and abs(neighbours.predicted_rating) < double('infinity')
            {%- endif -%},
            false
        ) as is_not_finite,
        case
            when neighbours.is_fixed then false
            when neighbours.source = neighbours.previous_source
                then neighbours.score > neighbours.previous_score
            else
                neighbours.previous_source = 'popularity'
                or (
                    neighbours.previous_source = 'segment'
                    and neighbours.source = 'personal'
                )
        end as is_out_of_order
    from neighbours
    left join ratings
        on
            neighbours.user_id = ratings.user_id
            and neighbours.movie_id = ratings.movie_id
),

candidate_lists as (
    select
        user_id,
        count(*) as list_length,
        min(rank) = 1 and max(rank) = count(*) and count(distinct rank) = count(*)
            as has_all_ranks,
        count_if(is_rated) as rated_count,
        count_if(is_not_finite) as not_finite_count,
        count_if(is_out_of_order) as out_of_order_count,
        count_if({{ is_fallback('source') }}) as fallback_count,
        count_if(source = 'personal') as personal_count
    from checked_candidates
    group by user_id
)

select * from candidate_lists
