from itsdangerous import BadSignature, Signer, URLSafeSerializer

s = URLSafeSerializer("key", salt="salt")
token = s.dumps({"id": 5, "name": "ü"})
print(token, s.loads(token), Signer("k").sign(b"v"))
try:
    s.loads(token[:-1] + "x")
except BadSignature as error:
    print(error)
