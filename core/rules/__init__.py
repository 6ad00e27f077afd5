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
    "scoring.methods",  # from totals to a score
    "contest_file.toml_lines",  # reading a contest from a file
    "contest_file.toml_syntax",
    "contest_file.findings",
    "contest_file.toml_table",
    "contest_file.rows",
    "contest_file.tables",
    "contest_file.consistency",
    "contest_file.reader",
    "scoring.marks",  # marks and sheets
    "scoring.missing_ranks",  # what missing sheets could change in sums of ranks
    "scoring.ties",  # the ladder
    "scoring.placing",  # places
    "scoring.ranking",  # standings, at once or kept
    "interactions",
    "prizes.prize_slots",  # equals and boundaries
    "prizes.allocation",
    "phases",
    "permissions",
    "judging.viewing_order",  # the viewing order of a judge
    "judging.watch_time",  # what was really played
    "rule_card.card",  # the regulation as a fingerprint
    "rule_card.prize_sentences",  # and as sentences
    "rule_card.sentences",
)
