"""The vocabulary of Koderz: types, ports, errors and the helpers that strategies are written with.

May import the standard library only, and does no I/O.
To add a word, write a frozen dataclass in `types.py`; to add a seam, a small protocol in `ports.py`.
"""
