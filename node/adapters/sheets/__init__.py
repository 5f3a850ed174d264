"""Spreadsheets: CSV by the standard library, XLSX by python-calamine and openpyxl."""
