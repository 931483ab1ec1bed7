"""What finished experiments say: costs, later statistics and curves. Reads, never writes.

May import everything below it; takes values of `core.types`, not live objects.
To add an analysis, write a pure function over results.
"""
