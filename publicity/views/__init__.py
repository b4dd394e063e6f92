"""Pages everyone may read without signing in, and the notices of one's own case."""
