"""Works as their authors enter them: the form, its corrections, the film, and what the office does with them."""
