"""Many at once: a project opened, its papers taken once, its units by sheet, one act for many with a result per unit."""
