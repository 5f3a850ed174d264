"""The story that must always run: three programs and an exchange as real processes on one machine."""
