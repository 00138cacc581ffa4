"""Stories: one person's life told month by month, from what changes in the person's row.

They read rows and write sentences. No rule knows of them, and a column that they do not know does not disturb them.
"""

from transitionsim.stories.choice import WORDS, person_of
from transitionsim.stories.following import Line, Story, follow

__all__ = ["WORDS", "Line", "Story", "follow", "person_of"]
