"""The tools that fulfil the ports."""
