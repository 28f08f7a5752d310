"""Small helpers that every room may use and no user imports."""
