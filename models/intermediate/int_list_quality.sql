with rankings as (select * from {{ ref('test_rankings') }}),

preferences as (select * from {{ ref('int_preferences') }}),

movies as (select * from {{ ref('dim_movies') }}),

user_segments as (select * from {{ ref('int_user_segments') }}),

diversity as (select * from {{ ref('int_list_diversity') }}),

catalogue as (select count(*) as movie_count from movies),

raters as (
    select count(distinct user_id) as user_count
    from preferences
    where side = 'train'
),

ratings_by_movie as (
    select
        movie_id,
        count(*) as rating_count
    from preferences
    where side = 'train'
    group by movie_id
),

rankings_by_cut_off as (
    select
        model,
        user_id,
        movie_id,
        explode(filter(array(5, 10, 20), cut_off -> rank <= cut_off)) as k
    from rankings
),

slots_by_movie as (
    select
        rankings_by_cut_off.model,
        rankings_by_cut_off.k,
        user_segments.segment_kind,
        user_segments.segment,
        rankings_by_cut_off.movie_id,
        count(*) as slot_count
    from rankings_by_cut_off
    inner join user_segments on rankings_by_cut_off.user_id = user_segments.user_id
    group by
        rankings_by_cut_off.model,
        rankings_by_cut_off.k,
        user_segments.segment_kind,
        user_segments.segment,
        rankings_by_cut_off.movie_id
),

placed_movies as (
    select
        slots_by_movie.model,
        slots_by_movie.k,
        slots_by_movie.segment_kind,
        slots_by_movie.segment,
        slots_by_movie.slot_count,
        coalesce(ratings_by_movie.rating_count, 0) as rating_count,
        row_number() over (
            partition by
                slots_by_movie.model,
                slots_by_movie.k,
                slots_by_movie.segment_kind,
                slots_by_movie.segment
            order by slots_by_movie.slot_count, slots_by_movie.movie_id
        ) as place
    from slots_by_movie
    left join ratings_by_movie on slots_by_movie.movie_id = ratings_by_movie.movie_id
),

movie_figures as (
    select
        placed_movies.model,
        placed_movies.k,
        placed_movies.segment_kind,
        placed_movies.segment,
        count(*) / max(catalogue.movie_count) as coverage,
        -- movies in no list come first: their places are those before
        sum(
            (
                2 * (placed_movies.place + catalogue.movie_count)
                - catalogue.movie_count
                - 1
            )
            * placed_movies.slot_count
        ) as gini_sum,
        max(catalogue.movie_count) as movie_count,
        count(*) as listed_count,
        sum(placed_movies.slot_count) as slot_count,
        sum(placed_movies.slot_count * placed_movies.rating_count) as rating_sum,
        sum(
            placed_movies.slot_count
            * log2((raters.user_count + 1) / (placed_movies.rating_count + 1))
        ) as novelty_sum
    from placed_movies
    cross join catalogue
    cross join raters
    group by
        placed_movies.model,
        placed_movies.k,
        placed_movies.segment_kind,
        placed_movies.segment
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
        movie_figures.model,
        movie_figures.k,
        movie_figures.segment_kind,
        movie_figures.segment,
        movie_figures.coverage,
        (
            movie_figures.gini_sum
            - 2 * movie_figures.listed_count * movie_figures.slot_count
        )
        / (movie_figures.movie_count * movie_figures.slot_count) as gini,
        movie_figures.novelty_sum / movie_figures.slot_count as novelty,
        movie_figures.rating_sum / movie_figures.slot_count as popularity,
        diversity_by_segment.diversity
    from movie_figures
    left join diversity_by_segment
        on
            movie_figures.model = diversity_by_segment.model
            and movie_figures.k = diversity_by_segment.k
            and movie_figures.segment_kind = diversity_by_segment.segment_kind
            and movie_figures.segment = diversity_by_segment.segment
)

select * from list_quality
