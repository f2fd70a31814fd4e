import datetime

import msgpack

data = {"a": [1, -1, 2**40, 1.5, None, True], "b": b"\0\xff", "ü": "x" * 300}
packed = msgpack.packb(data)
print(packed.hex()[:80], msgpack.unpackb(packed) == data)
print(msgpack.unpackb(msgpack.packb(datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc), datetime=True), timestamp=3))
unpacker = msgpack.Unpacker()
for part in (packed[:5], packed[5:] + msgpack.packb([2])):
    unpacker.feed(part)
print([type(x).__name__ for x in unpacker])
try:
    msgpack.unpackb(b"\xc1")
except Exception as error:
    print(type(error).__name__)
