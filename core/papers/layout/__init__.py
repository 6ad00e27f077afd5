"""What all papers share: the printed page, its styles, its text."""
