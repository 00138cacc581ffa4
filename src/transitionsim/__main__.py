"""Run the command line as ``python -m transitionsim``."""

from transitionsim.cli import main

if __name__ == "__main__":
    main()
