"""Rules and values of the exchange; no input, no output, no clock."""
