"""The record: experiments, steps, completions, runs. Append only, in SQLite or any SQLAlchemy database.

May import `core` and `utils`.
To add a table, write a migration in `migrations.py`; never change one that has landed.
"""
