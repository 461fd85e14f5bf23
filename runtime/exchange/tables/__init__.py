"""Where the tables lie on the sheets of a file: their header, their rows, what stands below them."""
