"""Taking part in a federation: the members' side, the exchange, and the stewards' work."""
