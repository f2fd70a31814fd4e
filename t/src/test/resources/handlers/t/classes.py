"""Makes classes while it runs."""

import dataclasses
import time


class Handlers:
    def make(self, req, task):
        """Makes dataclasses for half a second; how many there were."""
        end, made = time.monotonic() + 0.5, 0
        while time.monotonic() < end:

            @dataclasses.dataclass
            class Point:
                x: int
                y: int = 0

            made += Point(made).x >= 0
        return str(made)


def init(cfg):
    return Handlers()
