import jwt

key = "a key that is long enough for this, 32 bytes"
for algorithm in ("HS256", "HS512"):
    token = jwt.encode({"sub": "ann", "n": [1, None]}, key * 2, algorithm=algorithm)
    print(token, jwt.decode(token, key * 2, algorithms=[algorithm]))
for bad, options in ((token[:-2] + "xx", {}), (jwt.encode({"exp": 1}, key), {}), ("a.b", {})):
    try:
        jwt.decode(bad, key * 2 if bad.startswith(token[:9]) else key,
                   algorithms=["HS256", "HS512"], options=options)
    except jwt.InvalidTokenError as error:
        print(type(error).__name__, error)
print(jwt.get_unverified_header(token))
