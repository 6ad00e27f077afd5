"""A person's rights: requests about their data with due times, and everything that the desk has about them."""
