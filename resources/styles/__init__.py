"""How Formwork looks: the table of colours and sizes, and the style sheet made from it; strings and numbers, no Qt."""
