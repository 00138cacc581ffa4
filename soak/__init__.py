"""The long checks: what the model must do at full scale, measured and set beside the band it should lie in.

    make soak                                  # all checks, Navarra at one row for each person
    python -m soak --seeds 3 --only steady     # some of them

Each module holds checks of one theme: functions that take a :class:`soak.runs.Size` and return lines of the table.
``tests/checks`` runs the same functions at a small size.
"""
