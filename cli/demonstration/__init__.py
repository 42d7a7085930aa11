"""The demonstration: a whole cycle lived through day by day, with real flows, real services and a database of its own."""
