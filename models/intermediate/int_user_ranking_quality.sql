with rankings as (select * from {{ ref('holdout_rankings') }}),

relevant_movies as (select * from {{ ref('int_relevant_movies') }}),

relevant_counts as (
    select
        user_id,
        genre,
        count(*) as relevant_count
    from relevant_movies
    group by user_id, genre
),

models as (select distinct model from rankings),

hits as (
    select
        rankings.model,
        rankings.user_id,
        relevant_movies.genre,
        rankings.rank,
        row_number() over (
            partition by rankings.model, rankings.user_id, relevant_movies.genre
            order by rankings.rank
        ) as hit_number
    from rankings
    inner join relevant_movies
        on
            rankings.user_id = relevant_movies.user_id
            and rankings.movie_id = relevant_movies.movie_id
),

hits_by_cut_off as (
    select
        model,
        user_id,
        genre,
        rank,
        hit_number,
        explode(filter({{ cut_offs() }}, cut_off -> rank <= cut_off)) as k
    from hits
),

hit_sums as (
    select
        model,
        user_id,
        genre,
        k,
        sum(1 / log2(rank + 1)) as dcg,
        sum(hit_number / rank) as precision_sum,
        count(*) as hit_count
    from hits_by_cut_off
    group by model, user_id, genre, k
),

evaluated_lists as (
    select
        models.model,
        relevant_counts.user_id,
        relevant_counts.genre,
        relevant_counts.relevant_count,
        explode({{ cut_offs() }}) as k
    from relevant_counts
    cross join models
),

user_ranking_quality as (
    select
        evaluated_lists.model,
        evaluated_lists.user_id,
        evaluated_lists.genre,
        evaluated_lists.k,
        evaluated_lists.relevant_count,
        coalesce(hit_sums.dcg, 0)
        / {{ ideal_dcg('least(evaluated_lists.k, evaluated_lists.relevant_count)') }}
            as ndcg,
        coalesce(hit_sums.hit_count, 0) / evaluated_lists.relevant_count as recall,
        coalesce(hit_sums.hit_count, 0) / evaluated_lists.k as precision,
        coalesce(hit_sums.precision_sum, 0)
        / least(evaluated_lists.k, evaluated_lists.relevant_count) as average_precision,
        if(hit_sums.hit_count > 0, 1.0D, 0.0D) as hit_rate
    from evaluated_lists
    left join hit_sums
        on
            evaluated_lists.model = hit_sums.model
            and evaluated_lists.user_id = hit_sums.user_id
            and evaluated_lists.genre = hit_sums.genre
            and evaluated_lists.k = hit_sums.k
)

select * from user_ranking_quality
