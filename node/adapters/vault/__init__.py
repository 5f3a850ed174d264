"""The keys of the node, in one file outside its data folder."""
