"""The verbs of the exchange, one transaction each. Who asks comes first; HTTP and SQL are left to others."""
