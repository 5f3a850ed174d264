"""What the verbs of the exchange need from tools."""
