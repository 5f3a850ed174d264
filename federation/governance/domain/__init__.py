"""What stewards may change, what a change means, and what the record of their acts must look like."""
