"""Programs that attack the sandbox, and what runs them in a throw-away environment.

`programs/` holds the attacks, one a file; `run.py` is started by hand, `tests/unit/sandbox/test_hostile.py` by pytest.
To add an attack, add a file whose first line tells its family and the verdict it must get (see `corpus.py`).
"""
