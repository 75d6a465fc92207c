with listed_movies as (select * from {{ ref('int_listed_movies') }}),

movies as (select * from {{ ref('int_movies') }}),

preferences as (select * from {{ ref('int_preferences') }}),

user_segments as (select * from {{ ref('int_user_segments') }}),

diversity as (select * from {{ ref('int_list_diversity') }}),

catalogue as (select count(*) as movie_count from movies),

raters as (
    select count(distinct user_id) as user_count
    from preferences
    where subset = 'train'
),

list_totals as (
    select
        listed_movies.model,
        listed_movies.k,
        listed_movies.segment_kind,
        listed_movies.segment,
        max(catalogue.movie_count) as movie_count,
        count(*) as listed_count,
        sum(listed_movies.recommendation_count) as recommendation_count,
        -- movies in no list come first, so the j-th listed one is at n − listed + j:
        -- 2 (n − listed + j) − n − 1
        sum(
            (
                catalogue.movie_count
                - 2 * listed_movies.listed_count
                + 2 * listed_movies.place
                - 1
            )
            * listed_movies.recommendation_count
        ) as gini_sum,
        sum(
            listed_movies.recommendation_count
            * log2((raters.user_count + 1) / (listed_movies.rating_count + 1))
        ) as novelty_sum,
        sum(listed_movies.recommendation_count * listed_movies.rating_count)
            as rating_sum
    from listed_movies
    cross join catalogue
    cross join raters
    group by
        listed_movies.model,
        listed_movies.k,
        listed_movies.segment_kind,
        listed_movies.segment
),

diversity_by_segment as (
    select
        diversity.model,
        diversity.k,
        user_segments.segment_kind,
        user_segments.segment,
        avg(diversity.diversity) as diversity
    from diversity
    inner join user_segments on diversity.user_id = user_segments.user_id
    group by
        diversity.model,
        diversity.k,
        user_segments.segment_kind,
        user_segments.segment
),

list_quality as (
    select
        list_totals.model,
        list_totals.k,
        list_totals.segment_kind,
        list_totals.segment,
        list_totals.listed_count / list_totals.movie_count as coverage,
        list_totals.gini_sum
        / (list_totals.movie_count * list_totals.recommendation_count) as gini,
        list_totals.novelty_sum / list_totals.recommendation_count as novelty,
        list_totals.rating_sum / list_totals.recommendation_count as popularity,
        diversity_by_segment.diversity
    from list_totals
    left join diversity_by_segment
        on
            list_totals.model = diversity_by_segment.model
            and list_totals.k = diversity_by_segment.k
            and list_totals.segment_kind = diversity_by_segment.segment_kind
            and list_totals.segment = diversity_by_segment.segment
)

select * from list_quality
