"""Small helpers that every package of psnet may import and no user does."""
