"""Ranking mentors of one's own program for a mentee, and saying why. Nothing is assigned: people decide."""
