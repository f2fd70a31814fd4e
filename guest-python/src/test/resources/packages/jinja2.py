from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError

pages = {
    "base": "<h1>{% block title %}{% endblock %}</h1>{% block body %}{% endblock %}",
    "page": """{% extends "base" %}{% block title %}{{ title|upper }}{% endblock %}
{%- block body %}{% for item in items if item.n is odd %}
{{ loop.index }}. {{ item.name }} {{ "%.2f"|format(item.n) }}{% else %}none{% endfor %}
{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice("<b>") }}{% endblock %}""",
}
env = Environment(loader=DictLoader(pages), autoescape=True, undefined=StrictUndefined)
items = [{"name": f"<{n}>", "n": n} for n in range(5)]
print(env.get_template("page").render(title="a & b", items=items))
print(env.from_string("{{ a|groupby('k')|map(attribute='list')|map('length')|list }}").render(
    a=[{"k": 1}, {"k": 2}, {"k": 1}]))
try:
    env.from_string("{{ absent }}").render()
except UndefinedError as error:
    print(error)
