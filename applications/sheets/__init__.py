"""Papers as plain data, and how they become words and PDF. Nothing here asks the database: who composes a sheet does."""
