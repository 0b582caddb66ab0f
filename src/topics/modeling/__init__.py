"""Paragraphs → passages → tokens → features → scores → topics."""
