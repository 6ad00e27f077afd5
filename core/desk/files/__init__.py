"""Reading works, scores and interactions from tables, and the recount from files alone."""
