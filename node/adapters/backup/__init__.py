"""Backups: one file encrypted to the recovery words, and the list of erasures beside it."""
