with rankings as (select * from {{ ref('holdout_rankings') }}),

movie_genres as (select * from {{ ref('int_genres_of_keys') }}),

genre_weights as (
    select
        movie_id,
        genre,
        1 / sqrt(count(*) over (partition by movie_id)) as weight
    from movie_genres
),

rankings_by_cut_off as (
    select
        model,
        user_id,
        movie_id,
        explode(filter({{ cut_offs() }}, cut_off -> rank <= cut_off)) as k
    from rankings
),

list_lengths as (
    select
        model,
        user_id,
        k,
        count(*) as list_length
    from rankings_by_cut_off
    group by model, user_id, k
),

weights_by_genre as (
    select
        rankings_by_cut_off.model,
        rankings_by_cut_off.user_id,
        rankings_by_cut_off.k,
        sum(genre_weights.weight) as weight,
        sum(genre_weights.weight * genre_weights.weight) as own_similarity
    from rankings_by_cut_off
    inner join genre_weights on rankings_by_cut_off.movie_id = genre_weights.movie_id
    group by
        rankings_by_cut_off.model,
        rankings_by_cut_off.user_id,
        rankings_by_cut_off.k,
        genre_weights.genre
),

similarities as (
    select
        model,
        user_id,
        k,
        -- the sum over all pairs of genre vectors, less those of a movie with itself
        sum(weight * weight) - sum(own_similarity) as similarity
    from weights_by_genre
    group by model, user_id, k
),

list_diversity as (
    select
        list_lengths.model,
        list_lengths.user_id,
        list_lengths.k,
        1 - try_divide(
            coalesce(similarities.similarity, 0),
            list_lengths.list_length * (list_lengths.list_length - 1)
        ) as diversity
    from list_lengths
    left join similarities
        on
            list_lengths.model = similarities.model
            and list_lengths.user_id = similarities.user_id
            and list_lengths.k = similarities.k
)

select * from list_diversity
