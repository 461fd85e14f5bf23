"""Who may do what. So far one answer: the owner of a local workspace may do everything; every path asks already."""
