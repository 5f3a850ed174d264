"""How people come to the program by themselves: the questions it asks, and what somebody answered."""
