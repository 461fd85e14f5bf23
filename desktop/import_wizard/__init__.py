"""The import wizard: from a table file to forms full of records, in the window, step by step.

`steps` decides (no Qt), `flow` does the work in the lanes and remembers where the person is, the rest draws.
"""
