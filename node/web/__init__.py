"""The pages of a node, rendered here and complete without a script. Leaves every decision to services."""
