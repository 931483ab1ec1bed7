"""One file per verb: parse, call, print.

May import everything but `cli`.
To add a verb, write a click command and name it in `cli.COMMANDS`.
"""
