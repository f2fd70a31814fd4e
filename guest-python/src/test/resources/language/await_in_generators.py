import asyncio


async def later(value):
    await asyncio.sleep(0)
    return value


async def all_of(generator):
    return [each async for each in generator]


class Numbers:
    def __aiter__(self):
        self.left = [3, 2, 1]
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop()


def forever():
    number = 0
    while True:
        yield number
        number += 1


async def main():
    print(await all_of(await later(i) for i in range(3)))
    print(await all_of((i, await later(i)) for i in range(5) if await later(i % 2)))
    print(await all_of(i for i in range(3) if await later(i)))
    print(await all_of([await later(j) for j in range(i)] for i in range(3)))
    print(await all_of(i + j for i in range(2) for j in await later([1, 2])))
    print(await all_of(await later(i * j) async for i in Numbers() for j in (1, 2)))
    print(await all_of(await later(i * j) for j in (1, 2) async for i in Numbers()))
    print(await all_of({i: await later(i)} for i in "ab"))
    print(await all_of(await later(x) for x in await later([1, 2])))
    print(sum(x for x in await later([1, 2])))
    print(list((lambda: (yield i))().__next__() for i in range(2)))
    made = (await later(i) for i in forever())
    print(type(made).__name__, await anext(made), await anext(made))
    await made.aclose()
    print([await later(i) for i in range(2)], {await later(i) for i in range(2)})
    try:
        (await later(i) for i in 3)
    except TypeError as error:
        print(error)
    try:
        list(await later(i) for i in [3])
    except TypeError as error:
        print(error)
    try:
        await all_of(await later(1 // i) for i in (1, 0))
    except ZeroDivisionError as error:
        print(error)


asyncio.run(main())
