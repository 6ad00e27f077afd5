"""Reading text files from users: encodings, separated values, spellings, damaged letters."""
