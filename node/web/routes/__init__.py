"""One module of routes a concept: parse, call one service, answer with a page or a 303."""
