"""Reading and writing the tables of the contest, one module a trade."""
