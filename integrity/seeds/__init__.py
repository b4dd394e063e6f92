"""Rules of suspicion and causes of gaps as data: what a new database starts with. Read by integrity.services.seeds."""
