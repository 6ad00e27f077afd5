"""Tables from users (XLSX, CSV): read with limits, checked against a list of columns, and templates for them."""
