"""The PostgreSQL privileges of the role that runs the server."""
