"""One function for every method; the config comes back with it."""


def init(cfg):
    return lambda req, task: f"{cfg}|{req.decode()}".replace("None|", "null|")


async def other(cfg):
    async def handler(req, task):
        return f"{task.method}|{cfg}|{req.decode()}"

    return handler


def echo(cfg):
    return lambda req, task: req
