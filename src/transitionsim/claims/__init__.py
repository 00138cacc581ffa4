"""What may be said of results: a claim with its interval, its grades and its way to be checked."""
