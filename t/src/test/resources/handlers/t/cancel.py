"""Says in the log what becomes of its calls; cancel.js has the same."""

import asyncio

from t.gate import wait_for


class Cancel:
    def __init__(self):
        self.begun = set()
        self.held = []

    async def wait(self, req, task):
        """Ends when it is cancelled, or when release() is called."""
        name = req.decode()
        print(f"{name} begins")
        self.begun.add(name)
        end = asyncio.get_running_loop().create_future()
        self.held.append(end)
        try:
            await end
        except asyncio.CancelledError as error:
            print(f"{name} is cancelled: {error}, and the task knows: {task.cancelled}")
            raise
        print(f"{name} ends by itself")

    def began(self, req, task):
        return str(req.decode() in self.begun).lower()

    def release(self, req, task):
        for end in self.held:
            if not end.done():
                end.set_result(None)
        self.held.clear()
        return "released"

    def block(self, req, task):
        print(f"waits for {req.decode()}")
        wait_for(req.decode())
        return "opened"

    def note(self, req, task):
        print(f"{req.decode()} begins")

    def echo(self, req, task):
        return req


def init(cfg):
    return Cancel()
