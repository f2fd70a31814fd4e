import asyncio
import contextlib


async def waits(log):
    try:
        yield 1
        yield 2
    finally:
        await asyncio.sleep(0.001)
        log.append("first")
        await asyncio.sleep(0.001)
        log.append("second")


async def outer(log):
    async with contextlib.aclosing(waits(log)) as inner:
        async for each in inner:
            yield each


async def yields_again():
    try:
        yield 1
    finally:
        yield 2


async def fails():
    try:
        yield 1
    finally:
        await asyncio.sleep(0)
        raise KeyError("in finally")


async def closed(generator, times=1):
    await anext(generator)
    for _ in range(times):
        await generator.aclose()
    return await anext(generator, "at its end")


async def told(awaitable):
    try:
        return await awaitable
    except Exception as error:
        return f"{type(error).__name__}: {error}"


async def cancelled(log):
    async def use():
        generator = waits(log)
        await anext(generator)
        log.append("closing")
        await generator.aclose()

    task = asyncio.create_task(use())
    while not log:
        await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("cancelled")


async def main():
    for make in (waits, outer):
        log = []
        async with contextlib.aclosing(make(log)) as generator:
            async for _ in generator:
                break
        print(make.__name__, log)
    log = []
    print(await told(closed(waits(log), 2)), log)
    print(await told(closed(yields_again())))
    print(await told(closed(fails())))
    log = []
    await cancelled(log)
    print(log)
    never = waits(log)
    print(await told(never.aclose()), await told(anext(never, "at its end")))


asyncio.run(main())
