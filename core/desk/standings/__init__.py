"""Live standings, the board and the panel's progress, and who may see which marks."""
