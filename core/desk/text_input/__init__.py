"""Text that people hand in: encodings, separated values, spellings, damaged letters."""
