"""Queries on the final round: the draw, the finalists, and what happens to them."""
