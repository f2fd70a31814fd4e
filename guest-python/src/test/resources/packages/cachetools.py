from cachetools import LRUCache, TTLCache, cached, keys

cache = LRUCache(maxsize=2)
for k in "abac":
    cache[k] = cache.get(k, 0) + 1
print(dict(cache))
now = [0]
ttl = TTLCache(maxsize=5, ttl=10, timer=lambda: now[0])
ttl["x"] = 1
now[0] = 11
print("x" in ttl, len(ttl))
calls = []


@cached(cache={}, key=keys.hashkey)
def f(n):
    calls.append(n)
    return n * 2


print(f(2), f(2), f(3), calls)
