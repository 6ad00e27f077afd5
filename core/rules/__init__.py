"""The regulation: standard library only, pure, no clock, no chance, no I/O.

Its table of contents is the order in which its rooms may build on one another: each imports only what stands above it.
"""

ORDER = (
    "ids",  # names that cannot be swapped
    "words",  # sentences, refusals, numbers to be read
    "access",  # roles and the people who hold them
    "look_alikes",  # characters that look alike or are not seen
    "vietnamese",  # comparing, sorting, reading aloud
    "contest",  # the regulation's values
    "methods",  # from totals to a score
    "toml_lines",  # reading a contest from a file
    "toml_syntax",
    "file_findings",
    "toml_table",
    "contest_rows",
    "contest_tables",
    "contest_sense",
    "contest_file",
    "marks",  # marks and sheets
    "missing_ranks",  # what missing sheets could change in sums of ranks
    "ties",  # the ladder
    "placing",  # places
    "ranking",  # standings, at once or kept
    "interactions",
    "seats",  # equals and boundaries
    "prizes",
    "phases",
    "permissions",
    "order",  # the viewing order of a judge
    "watching",  # what was really played
    "rule_card",  # the regulation as a fingerprint
    "prize_words",  # and as sentences
    "card_words",
)
