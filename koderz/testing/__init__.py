"""Contract suites and scripted parts for tests, shipped for plugin authors.

May import everything below it.
To add one, write a suite that every implementation of a port must pass.
"""
