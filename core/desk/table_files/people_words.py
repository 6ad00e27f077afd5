"""Vietnamese words that stand in people's tables, whatever the language of the reader."""

from core.rules.vietnamese import identity

GUIDE = "Hướng dẫn"  # the sheet of a template with its explanations
LISTS = "Danh mục"  # its hidden sheet with the choices: Excel refuses a list in a cell's own rule above 255 characters
YES_NO = ("Có", "Không")  # the choices of a yes-or-no column
YES = frozenset(map(identity, ("có", "c", "yes", "y", "x", "1", "true", "đúng", "✓", "✔")))
NO = frozenset(map(identity, ("không", "k", "no", "n", "0", "false", "sai")))
