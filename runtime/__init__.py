"""RUNS an app: definitions, formulas, the store, exchange and the pages; Qt only in `runtime.ui`."""
