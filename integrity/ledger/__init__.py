"""The record as something to be checked: chains now, the tree over all of them later."""
