import anyio


async def main():
    send, receive = anyio.create_memory_object_stream(5)
    results = []

    async def worker(n):
        await anyio.sleep(0)
        await send.send(n)

    async with anyio.create_task_group() as group:
        for n in (3, 1, 2):
            group.start_soon(worker, n)
        for _ in range(3):
            results.append(await receive.receive())
    print(results)
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(5)
    print(scope.cancelled_caught, await anyio.to_thread.run_sync(lambda: "thread"))
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(fail)
    except ExceptionGroup as group:  # GraalPy 25.0.3 has no except*
        print(repr(group.exceptions))


async def fail():
    raise ValueError("inside")


anyio.run(main)
