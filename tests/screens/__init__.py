"""Pictures of every part and page, in both languages, both themes, two scales: `python -m tests.screens OUT`."""
