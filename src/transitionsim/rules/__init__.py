"""The science, one short file for each theme; a rule reads the world and changes only its own agent."""
