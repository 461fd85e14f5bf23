"""Changes of many cells at once: pasting, filling, finding and replacing, changing one field of many records."""
