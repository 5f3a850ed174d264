"""Verbs about requests to and from other programs."""
