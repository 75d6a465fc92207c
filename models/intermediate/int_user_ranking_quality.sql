with rankings as (select * from {{ ref('test_rankings') }}),

preferences as (select * from {{ ref('int_preferences') }}),

movie_genres as (select * from {{ ref('int_movie_genres') }}),

relevant_movies as (
    select
        user_id,
        movie_id
    from preferences
    where side = 'test' and is_like
),

relevant_by_genre as (
    select
        user_id,
        movie_id,
        'all' as genre
    from relevant_movies
    union all
    select
        relevant_movies.user_id,
        relevant_movies.movie_id,
        movie_genres.genre
    from relevant_movies
    inner join movie_genres on relevant_movies.movie_id = movie_genres.movie_id
),

relevant_counts as (
    select
        user_id,
        genre,
        count(*) as relevant_count
    from relevant_by_genre
    group by user_id, genre
),

models as (select distinct model from rankings),

hits as (
    select
        rankings.model,
        rankings.user_id,
        relevant_by_genre.genre,
        rankings.rank,
        row_number() over (
            partition by rankings.model, rankings.user_id, relevant_by_genre.genre
            order by rankings.rank
        ) as hit_number
    from rankings
    inner join relevant_by_genre
        on
            rankings.user_id = relevant_by_genre.user_id
            and rankings.movie_id = relevant_by_genre.movie_id
),

hits_by_cut_off as (
    select
        model,
        user_id,
        genre,
        rank,
        hit_number,
        explode(filter(array(5, 10, 20), cut_off -> rank <= cut_off)) as k
    from hits
),

gains as (
    select
        model,
        user_id,
        genre,
        k,
        sum(1 / log2(rank + 1)) as gain,
        sum(hit_number / rank) as precision_sum,
        count(*) as hit_count
    from hits_by_cut_off
    group by model, user_id, genre, k
),

questions as (
    select
        models.model,
        relevant_counts.user_id,
        relevant_counts.genre,
        relevant_counts.relevant_count,
        explode(array(5, 10, 20)) as k
    from relevant_counts
    cross join models
),

user_ranking_quality as (
    select
        questions.model,
        questions.user_id,
        questions.genre,
        questions.k,
        questions.relevant_count,
        coalesce(gains.gain, 0) / aggregate(
            sequence(1, least(questions.k, questions.relevant_count)),
            cast(0 as double),
            (total, place) -> total + 1 / log2(place + 1)
        ) as ndcg,
        coalesce(gains.hit_count, 0) / questions.relevant_count as recall,
        coalesce(gains.hit_count, 0) / questions.k as precision,
        coalesce(gains.precision_sum, 0)
        / least(questions.k, questions.relevant_count) as average_precision,
        if(gains.hit_count > 0, 1.0D, 0.0D) as hit_rate
    from questions
    left join gains
        on
            questions.model = gains.model
            and questions.user_id = gains.user_id
            and questions.genre = gains.genre
            and questions.k = gains.k
)

select * from user_ranking_quality
