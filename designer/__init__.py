"""EDITS an app: drafts, canvases and the inspector. Its first part, the form designer, has not been built yet."""
