"""Named questions: a graph and a question's name in, the rows that answer it out."""
