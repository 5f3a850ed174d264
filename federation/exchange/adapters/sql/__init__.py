"""The exchange's memory in SQLite or PostgreSQL."""
