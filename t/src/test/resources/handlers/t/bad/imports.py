import absent_module


def init(cfg):
    return lambda req, task: absent_module
