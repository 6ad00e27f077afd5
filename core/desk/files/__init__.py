"""Lists of works, scores and interactions read from tables, and the recount from files alone."""
