"""What draws a running app with Qt: pages, views, editors and the machinery they share."""
