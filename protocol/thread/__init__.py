"""The life of a request between two programs: one table, two chains, and a state that is a function of the messages."""
