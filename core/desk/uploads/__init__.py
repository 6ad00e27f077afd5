"""Films on their way: uploads in pieces, before a submission has them."""
