"""The launcher: from a bare machine with Python and pip to the running product, its tests and its checks.

Standard library only, and it imports nothing of the apps: it runs before anything is installed.
"""
