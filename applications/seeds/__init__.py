"""Checklists as data: what a new database starts with. Read by applications.services.seeds; every row names its source.

A file is one category, or several with the same list (`categories`); `like` takes another file's rows
first. `note` is added to the source of rows that may be deferred or shared. `when` maps an answer to
the values under which the paper is asked for; `version` (default 1) goes up when a row's words change.
"""
