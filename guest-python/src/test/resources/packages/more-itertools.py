import more_itertools as mi

print(list(mi.chunked(range(7), 3)), list(mi.windowed([1, 2, 3, 4], 3)), mi.first([], "none"))
print(mi.one([5]), list(mi.collapse([1, [2, [3, "ab"]]])), list(mi.interleave_longest([1], [2, 3])))
print({k: list(v) for k, v in mi.groupby_transform([("a", 1), ("a", 2)], lambda x: x[0], lambda x: x[1])})
p = mi.peekable("abc")
print(p.peek(), list(p), list(mi.sliding_window(range(4), 2)), mi.ilen(x for x in range(10) if x % 3))
