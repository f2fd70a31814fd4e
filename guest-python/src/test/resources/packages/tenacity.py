import asyncio

from tenacity import AsyncRetrying, RetryError, Retrying, retry, retry_if_exception_type, stop_after_attempt, wait_fixed

tries = []


@retry(stop=stop_after_attempt(4), wait=wait_fixed(0), retry=retry_if_exception_type(OSError))
def flaky():
    tries.append(1)
    if len(tries) < 3:
        raise OSError("not yet")
    return "done"


print(flaky(), len(tries), flaky.statistics["attempt_number"])
try:
    for attempt in Retrying(stop=stop_after_attempt(2)):
        with attempt:
            raise ValueError("never")
except RetryError as error:
    print(error.last_attempt.attempt_number, repr(error.last_attempt.exception()))


async def main():
    async for attempt in AsyncRetrying(stop=stop_after_attempt(3)):
        with attempt:
            if attempt.retry_state.attempt_number < 3:
                raise KeyError
    print(attempt.retry_state.attempt_number)


asyncio.run(main())
