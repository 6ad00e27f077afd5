"""A contest file: read strictly, with every problem and notice by its line."""
