"""The judge's side: queue, sheets, film and recusals."""
