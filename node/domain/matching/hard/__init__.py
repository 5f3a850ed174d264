"""The hard rules, one module each: what keeps two people apart whatever else speaks for them."""
