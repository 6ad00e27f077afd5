"""The public pages for entering a work, and the office's pages of submissions."""
