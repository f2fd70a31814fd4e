"""The handler that runs test modules of CPython's; all else is imported by its first call."""


def init(cfg):
    """See compat_tests.py for what a request is."""
    return run


def run(req):
    """Returns when the tests are over."""
    import compat_tests

    compat_tests.run(req)
