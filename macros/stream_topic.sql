{#- The topic of Kafka whose ratings are read, as `cinespark.topic.settings` says it:
    the one that CINESPARK_KAFKA_TOPIC names, or that of the data set. None without either,
    and while dbt parses. -#}
{% macro stream_topic() %}
    {% set named = env_var('CINESPARK_KAFKA_TOPIC', '') if execute else '' %}
    {% set dataset = none if named else landed_dataset() %}
    {% if dataset is not none %}
        {{ return('ratings.' ~ dataset_folder(dataset)) }}
    {% endif %}
    {{ return(named or none) }}
{% endmacro %}
