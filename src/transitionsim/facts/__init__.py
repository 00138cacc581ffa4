"""Facts that the model was not fitted to: what is known of labour markets, firms and closures, beside what it gives.

``catalogue.FACTS`` holds every fact with its source and target; ``table.measured`` runs the model for them.
"""
