"""A judge's work: the queue, the sheets, the film, recusals."""
