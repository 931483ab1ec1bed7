"""`python -m koderz`."""

from koderz.cli import main

if __name__ == "__main__":
    main()
