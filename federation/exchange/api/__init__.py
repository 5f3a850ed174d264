"""HTTP at the edge of the exchange: parse, check who asks, call one verb, answer."""
