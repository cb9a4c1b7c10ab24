"""What a page says of itself: its bytes to title, authors, date and language."""
