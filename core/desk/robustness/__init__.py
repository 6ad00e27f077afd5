"""How far the result depends on one judge, one sheet or the way of computing: figures for organisers, never a decision."""
