"""What other programs on this machine may ask over HTTP."""
