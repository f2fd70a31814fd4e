import hashlib

from ecdsa import NIST256p, BadSignatureError, SigningKey

key = SigningKey.from_secret_exponent(123456789, curve=NIST256p, hashfunc=hashlib.sha256)
signature = key.sign_deterministic(b"message")
print(signature.hex(), key.verifying_key.to_pem().decode())
print(key.verifying_key.verify(signature, b"message"))
try:
    key.verifying_key.verify(signature, b"other")
except BadSignatureError as error:
    print(error)
