"""What both programs stand on; no word of either domain."""
