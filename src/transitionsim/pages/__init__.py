"""Pages that are handed on: a report of one claim, and an explorer of the stored points of a sweep."""
