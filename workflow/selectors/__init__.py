"""Reading: everything that asks the database for workflow's rows."""
