"""Each user's N best movies not rated yet, by implicit ALS, filled up by popularity."""

from cinespark.top_n import top_n


def model(dbt, session):
    factors = dbt.ref("implicit_als")
    histories = dbt.ref("int_user_histories")
    movies = dbt.ref("dim_movies")
    return top_n(factors, histories, movies, n=dbt.config.meta_get("n"))
