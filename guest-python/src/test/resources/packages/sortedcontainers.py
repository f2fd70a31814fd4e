from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

sl = SortedList([5, 1, 4] * 1000)
sl.add(3)
print(len(sl), sl[0], sl[-1], sl.bisect(4), sl.count(1), list(sl.irange(2, 3)))
sd = SortedDict(b=2, a=1, c=3)
print(sd.peekitem(0), sd.keys()[1], list(sd.irange("b")), SortedSet("hello"), SortedKeyList("bcA", key=str.lower))
