"""What PostgreSQL lets the role that serves the desk do."""
