"""The report: marts read without Spark, as pictures with their findings in a page."""
