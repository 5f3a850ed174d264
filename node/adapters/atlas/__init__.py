"""Where Canadian communities lie; the table was written for this project."""
