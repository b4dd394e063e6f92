"""Rules as data: what a new database starts with. Read by workflow.services.seeds; every row names its source."""
