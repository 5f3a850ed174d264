"""Bringing people in from a spreadsheet: columns, cells, rows, and the one transaction that keeps them."""
