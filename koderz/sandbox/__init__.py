"""Runs untrusted code and reports what the trusted side saw, behind `core.ports.Sandbox`.

May import `core` and `utils`; the guard that runs inside is standard library only.
To add a level of isolation, implement `Sandbox.run` and name the level in every report.
"""
