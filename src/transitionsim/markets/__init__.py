"""Markets: who gets what is scarce. Each allocates one thing, in no order of persons, and writes it into the rows."""
