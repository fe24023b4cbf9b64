"""What survives a restart: the only place with SQL."""
