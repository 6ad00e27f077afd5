"""HTTP helpers: client addresses, request bodies, security headers, limits and responses."""
