"""Loads, changes and dumps half a kilobyte of JSON, over and over; CPython can run it too."""

import json
import sys
import time

DOCUMENT = {
    "id": 12345,
    "name": "A name",
    "tags": ["a", "bb", "ccc"],
    "nested": {"x": 1.5, "y": [1, 2, 3, 4], "flag": True, "nothing": None},
    "items": [{"sku": f"A{i}", "quantity": i, "price": i * 1.25} for i in range(6)],
    "text": "some words of a text, " * 4,
}
TEXT = json.dumps(DOCUMENT)


def microseconds(times):
    """For each of so many times."""
    start = time.perf_counter()
    for _ in range(times):
        document = json.loads(TEXT)
        document["id"] += 1
        json.dumps(document)
    return (time.perf_counter() - start) / times * 1e6


def init(cfg):
    return lambda req, task: str(microseconds(int(req)))


if __name__ == "__main__":
    for line in sys.stdin:
        print(microseconds(int(line)), flush=True)
