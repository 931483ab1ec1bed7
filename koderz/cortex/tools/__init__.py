"""The tools of the embedded memory server, one family a file: from checked arguments to an answer.

May import what lies beside this folder in `cortex`, and `core`.
To add a tool, write its function here, name it in `table.py` and give `tools.json` its description and schema.
"""
