{%- macro poisson_draw(share) -%}
    case
        when {{ share }} < 0.367879 then 0
        when {{ share }} < 0.735759 then 1
        when {{ share }} < 0.919699 then 2
        when {{ share }} < 0.981012 then 3
        when {{ share }} < 0.996340 then 4
        when {{ share }} < 0.999406 then 5
        else 6
    end
{%- endmacro -%}
