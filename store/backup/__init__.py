"""Back up a whole database into one file, and restore the file into an empty database.

The file is the same for SQLite and PostgreSQL.
"""
