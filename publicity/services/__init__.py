"""Verbs of publicity: load what the public is told, write notices, send them."""
