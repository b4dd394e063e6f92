"""Bringing in the registers of other systems: a mapping file says how one is read, no code."""
