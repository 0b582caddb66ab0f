"""Measurements that are too long for tests: of the corpus, of quality and of speed."""
