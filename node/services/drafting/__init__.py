"""Drafts of who meets whom: made by an exact solver, edited by people, and nothing to anybody until published."""
