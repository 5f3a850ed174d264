"""The command `mentorweave-fed`: translates what a steward types into one verb, and its answer into words."""
