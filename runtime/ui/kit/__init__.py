"""The parts that pages are made of: buttons, cards, chips, fields, popovers; they know the tokens and no records."""
