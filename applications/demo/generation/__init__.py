"""Years of history for a demo or test database: a few cases walked through the services, stamped many times with everything about them new."""
