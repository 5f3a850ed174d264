"""A member's side of a federation: roster, keys, mailbox, outbox and inbox."""
