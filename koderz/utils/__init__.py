"""Pure functions used everywhere: code extraction, JSON.

May import `core`, and nothing that does I/O.
To add one, ask first whether the place that needs it isn't its home.
"""
