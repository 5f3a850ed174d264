"""Folders, files, HTTP and TUF behind the ports of the stewards' verbs."""
