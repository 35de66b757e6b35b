-- {{ id }}: {{ direction }} on {{ engine }}.
{%- for directive in directives %}
-- piccolo: {{ directive }}
{%- endfor %}
{%- for change in changes %}
-- - {{ change }}
{%- endfor %}
{%- if steps.is_empty() %}
-- Nothing of it concerns {{ engine }}.
{%- endif %}
{%- for step in steps %}

-- piccolo: step{{ step.words }}
-- {{ step.title }}
{%- for statement in step.statements %}
{% for line in statement.comments %}
-- {{ line }}
{%- endfor %}
{{ statement.sql }};
{%- endfor %}
{%- endfor %}
