"""Layout shared by all papers: the printed page, its styles and its text."""
