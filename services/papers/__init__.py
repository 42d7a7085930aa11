"""From what is remembered to the official papers: the look-ups and words each document needs."""
