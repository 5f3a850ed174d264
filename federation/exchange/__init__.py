"""The store-and-forward service of a federation: keeps sealed letters, serves what stewards sign."""
