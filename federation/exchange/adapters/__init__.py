"""The tools behind the ports: SQL, TUF, key files, wake-ups."""
