"""What the columns of a table are: facts counted, types judged, relations found, all doubts named in one plan."""
