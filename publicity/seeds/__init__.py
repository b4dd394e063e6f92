"""What the public is told and no rule of workflow says: costs. Read by publicity.services.seeds; every row names its source."""
