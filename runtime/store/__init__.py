"""The workspace on disk: keys, schema, THE door (`records`), queries, history and undo; the only place with SQL tables."""
