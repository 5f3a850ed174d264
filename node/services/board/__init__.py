"""Verbs about anonymous requests: posted for own mentees, weighed for own mentors."""
