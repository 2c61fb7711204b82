"""Runs all tests of this folder, or those of the modules that are named, and ends with their totals."""

import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


folder = str(pathlib.Path(__file__).parent)
loader = unittest.defaultTestLoader
suite = loader.loadTestsFromNames(sys.argv[1:]) if sys.argv[1:] else loader.discover(folder)
result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Result).run(suite)
failed = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
print(f"{result.passed} passed, {len(failed)} failed")
sys.exit(0 if result.passed and not failed else 1)
