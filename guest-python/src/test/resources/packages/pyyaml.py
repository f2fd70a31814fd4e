import datetime

import yaml

text = """
base: &base {a: 1, b: [x, 2.5, null, true]}
derived:
  <<: *base
  when: 2024-02-29
  text: |
    two
    lines
  folded: >-
    one
    line
"""
data = yaml.safe_load(text)
print(data)
print(yaml.safe_dump(data, sort_keys=True, default_flow_style=False))
print(list(yaml.safe_load_all("--- 1\n--- [2]\n")))
assert data["derived"]["when"] == datetime.date(2024, 2, 29)
try:
    yaml.safe_load("a: [1\nb: 2")
except yaml.YAMLError as error:
    print(error)
try:
    yaml.safe_load("!!python/object/apply:os.system [true]")
except yaml.YAMLError as error:
    print(error.problem)
