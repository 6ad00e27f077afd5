"""The contest rules: pure functions and values. Standard library only; no clock, no randomness, no I/O.

`ORDER` lists the modules in dependency order: a module imports only modules listed above it.
"""

ORDER = (
    "ids",  # distinct types for codes, usernames and keys
    "words",  # sentences, refusals, localized numbers
    "access",  # roles and the people who hold them
    "look_alikes",  # characters that look alike or are invisible
    "vietnamese",  # comparing, sorting, numbers in words
    "interaction_kinds",  # the register of what a post is counted by
    "contest",  # the contest's settings
    "interactions",  # the readings that count
    "readings.reading_counts",  # parsing a typed count
    "readings.reading_questions",  # what is asked about a reading
    "readings.facebook_posts",  # the number of a post, from its address
    "people.person",  # an author or an official
    "people.phones",  # phone numbers in one form
    "people.names",  # names as they are compared
    "people.same_person",  # whether an author is an official
    "entries.author_limits",  # how many works an author or a group may enter
    "judging.sheet_state",  # the register of what a sheet can be
    "judging.viewing_order",  # the viewing order of a judge
    "judging.watch_time",  # how much of a film was played
    "scoring.methods",  # from totals to a score
    "scoring.marks",  # marks and sheets
    "scoring.missing_ranks",  # which order of rank sums holds whatever the missing ranks are
    "scoring.ties",  # the tie-break ladder
    "scoring.placing",  # places
    "scoring.ranking",  # standings, computed at once or incrementally
    "prizes.prize_slots",  # giving prize slots to groups of tied works
    "prizes.prize_kinds",  # the register of what a prize is given for
    "prizes.allocation",
    "contest_file.toml_lines",  # reading a contest from a file
    "contest_file.toml_syntax",
    "contest_file.findings",
    "contest_file.toml_table",
    "contest_file.rows",
    "contest_file.tables",
    "contest_file.screening_table",
    "contest_file.consistency",
    "contest_file.reader",
    "entries.film_rules",  # what a film's check answers to
    "entries.terms",  # what an author agrees to
    "entries.person_requests",  # what a person may ask about their data, and until when
    "entries.states",  # the register of what a submission can be, and who moves it
    "entries.author_window",  # until when an author may change a submission
    "entries.screening",  # from screeners' verdicts to what becomes of a work
    "entries.form",  # the form of a submission
    "entries.table_rows",  # what the rows of a table of submissions mean
    "entries.posts",  # where a finalist was posted
    "entries.judging_codes",  # codes of the finalists from a public seed
    "calendar",  # the milestones as the organisers read them
    "phases",
    "permissions",
    "rule_card.card",  # the rules as a document with a fingerprint
    "rule_card.prize_sentences",  # the rules as sentences
    "rule_card.sentences",
)
