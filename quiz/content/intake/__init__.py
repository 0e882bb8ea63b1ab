"""Files from strangers: read in a sandbox, looked at, taken or refused."""
