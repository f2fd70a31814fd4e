from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate


class Address(Schema):
    city = fields.Str(required=True)


class User(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.Str(required=True, validate=validate.Length(min=2))
    email = fields.Email()
    born = fields.Date()
    address = fields.Nested(Address)
    roles = fields.List(fields.Enum(__import__("enum").Enum("Role", "ADMIN USER")))

    @post_load
    def made(self, data, **kwargs):
        return ("user", data)


print(User().load({"name": "Ann", "born": "2000-02-29", "address": {"city": "X"}, "roles": ["ADMIN"], "z": 1}))
try:
    User().load({"name": "A", "email": "no", "born": "x", "address": {}})
except ValidationError as error:
    print(error.messages)
print(User(only=("name", "born")).dump({"name": "B", "born": __import__("datetime").date(1999, 1, 2)}))
