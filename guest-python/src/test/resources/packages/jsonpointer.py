from jsonpointer import JsonPointer, JsonPointerException, resolve_pointer, set_pointer

doc = {"a/b": {"c": [1, {"d~": 2}]}}
print(resolve_pointer(doc, "/a~1b/c/1/d~0"), resolve_pointer(doc, "/no", "default"))
print(set_pointer(doc, "/a~1b/c/0", 9, inplace=False), JsonPointer.from_parts(["a/b", 0]).path)
try:
    resolve_pointer(doc, "/a~1b/c/7")
except JsonPointerException as error:
    print(error)
