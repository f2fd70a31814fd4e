"""Runs a test module of CPython's with unittest, for compat_handler.py or as a program.

The request is JSON: the module's name, the file for the results, and perhaps the tests to run. A
line is added to the file when a test begins and when it has ended, so that it is known where a run
hangs; tests that are in the file already are left out.
"""

import json
import os
import sys
import traceback
import unittest

_MOST_TEXT = 3000

# GraalPy would compile them when they are imported, for which a runtime may start no compiler.
_COMPILED = ("_testcapi", "_testinternalcapi", "_testbuffer", "_testmultiphase", "_ctypes_test")


class _Result(unittest.TestResult):
    """Writes each result when it is known. What subtests come to counts for their test."""

    def __init__(self, file):
        super().__init__()
        self._file = file
        self._outcome = "passed"
        self._text = ""

    def _write(self, test, outcome, text=""):
        entry = {"test": test.id(), "outcome": outcome, "text": text[-_MOST_TEXT:]}
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def startTest(self, test):
        super().startTest(test)
        self._outcome, self._text = "passed", ""
        self._write(test, "started")

    def stopTest(self, test):
        super().stopTest(test)
        self._write(test, self._outcome, self._text)

    def _note(self, test, outcome, text):
        if not isinstance(test, (unittest.TestCase, unittest.case._SubTest)):
            self._write(test, outcome, text)  # a class or a module whose preparation has failed
        elif self._outcome in ("passed", "skipped"):
            self._outcome, self._text = outcome, text

    def addError(self, test, err):
        self._note(test, "error", _told(err))

    def addFailure(self, test, err):
        self._note(test, "failed", _told(err))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self._note(test, "failed" if failed else "error", f"{subtest}\n{_told(err)}")

    def addSkip(self, test, reason):
        self._note(test, "skipped", reason)

    def addUnexpectedSuccess(self, test):
        self._note(test, "failed", "it was expected to fail")


def _told(err):
    return "".join(traceback.format_exception(*err))


def _chosen(suite, is_wanted):
    """The suite with the tests that are wanted, in its order, for the fixtures of classes."""
    kept = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.append(_chosen(test, is_wanted))
        elif is_wanted(test.id()):
            kept.append(test)
    return type(suite)(kept)


def run(text):
    """Runs what a request names."""
    for name in _COMPILED:
        sys.modules[name] = None  # so that its import is an ImportError
    from test import support

    request = json.loads(text)

    support.use_resources = []  # neither the network nor what takes very long
    support.verbose = False
    wanted = request.get("tests")
    folder = os.getcwd()
    with open(request["results"], encoding="utf-8") as file:
        done = {json.loads(line)["test"] for line in file}
    with open(request["results"], "a", encoding="utf-8") as file:
        loaded = unittest.defaultTestLoader.loadTestsFromName(request["module"])
        suite = _chosen(
            loaded, lambda name: name not in done and (wanted is None or name in wanted)
        )
        suite.run(_Result(file))
        os.chdir(folder)
        finished = {"test": request["module"], "outcome": "finished", "text": ""}
        file.write(json.dumps(finished) + "\n")


if __name__ == "__main__":
    run(sys.stdin.read())
