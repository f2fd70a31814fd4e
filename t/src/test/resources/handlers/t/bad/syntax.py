"""The third line is wrong."""
def init(cfg): return lambda req, task: req
def = 1
