import tomlkit

text = """# comment
title = "x" # why

[owner]
dob = 1979-05-27T07:32:00-08:00
list = [ 1, 2, ]

[[a.b]]
n = 1e3
"""
doc = tomlkit.parse(text)
doc["owner"]["list"].append(3)
doc["new"] = {"k": True}
print(tomlkit.dumps(doc))
print(doc.unwrap()["owner"]["dob"])
try:
    tomlkit.parse("a = ")
except tomlkit.exceptions.ParseError as error:
    print(error)
