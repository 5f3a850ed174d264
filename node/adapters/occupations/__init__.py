"""The table of 516 unit groups that ships with the program."""
