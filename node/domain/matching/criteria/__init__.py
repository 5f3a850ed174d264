"""The weighted criteria, one module each: what it looks at, how much it gives, and the reason it says."""
