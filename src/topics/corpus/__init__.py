"""Report file → text → paragraphs, and tables of paragraphs."""
