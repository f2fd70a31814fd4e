import jsonschema

schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"},
                   "age": {"$ref": "#/$defs/age"}, "tags": {"items": {"enum": ["x", "y"]}}},
    "additionalProperties": False,
    "$defs": {"age": {"type": "integer", "minimum": 0}},
}
validator = jsonschema.Draft202012Validator(schema)
print(validator.is_valid({"name": "ann", "age": 3, "tags": ["x"]}))
for error in sorted(validator.iter_errors({"name": "A", "age": -1, "tags": ["z"], "more": 1}), key=str):
    print(list(error.absolute_path), error.validator, error.message)
try:
    jsonschema.validate([], {"type": "no such"})
except jsonschema.SchemaError as error:
    print(error.message)
