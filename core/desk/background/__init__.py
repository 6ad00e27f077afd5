"""Background work: which kinds there are, and what people do about jobs."""
