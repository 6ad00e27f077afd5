"""Authors compared with the contest's officials: how alike names are, what was found, and what people decide about it."""
