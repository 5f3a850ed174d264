"""The command `mentorweave`: it translates words typed into verbs, and views into words shown."""
