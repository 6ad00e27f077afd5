"""Tables of submissions from the office: a template, a preview of every row, and the good rows taken together."""
