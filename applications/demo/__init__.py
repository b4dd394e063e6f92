"""The demo bureau: made-up cases, walked through the real services on a shifted clock. Demo and test databases alone."""
