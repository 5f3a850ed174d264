"""The verbs of the stewards."""
