"""Koderz for assistants: an MCP server that reads the record and, where allowed, starts experiments.

May import `app` and everything below it; the protocol's library in `server` only.
To add a tool, write a function that returns a model of `answers`, and name it in `server`.
"""
