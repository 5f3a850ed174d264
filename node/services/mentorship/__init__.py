"""Verbs about mentorships."""
