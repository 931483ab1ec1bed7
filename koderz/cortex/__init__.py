"""Memory: a searchable mirror of what the store holds, over MCP, external or embedded.

May import `core` and `utils`.
To add a memory server, give it the tools of `server.py`; the record stays in the store.
"""
