{#- A short name of what a build learns from: the data's SHA-256 and every parameter
    that can change the lists. Same version, same lists. -#}
{% macro model_version(dataset_sha256) -%}
    {%- set parameters = [] -%}
    {%- for name in [
        'top_n', 'like_threshold', 'rating_min', 'rating_max', 'seed', 'als_blocks',
        'classic_als_rank', 'classic_als_iterations', 'classic_als_reg_param',
        'implicit_als_rank', 'implicit_als_iterations', 'implicit_als_reg_param',
        'implicit_als_alpha', 'bias_user_shrinkage', 'bias_movie_shrinkage',
        'bias_iterations',
    ] -%}
        {%- do parameters.append(name ~ '=' ~ var(name)) -%}
    {%- endfor -%}
    left(sha2(concat({{ dataset_sha256 }}, '{{ parameters | join(",") }}'), 256), 12)
{%- endmacro %}
