"""Live standings, the board, the panel's progress, and who may see which marks."""
