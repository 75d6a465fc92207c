"""The mathematics, on arrays: NumPy, SciPy and pandas, no Spark, no dbt."""
