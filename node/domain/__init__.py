"""Rules and values of one program; no input or output, no clock, no tool."""
