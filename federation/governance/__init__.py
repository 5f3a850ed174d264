"""The stewards' work: founding a federation, admitting and stopping members, and signing what the roster says."""
