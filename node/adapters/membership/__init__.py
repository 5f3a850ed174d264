"""The border post: the one place of a node that speaks the language of the federation."""
