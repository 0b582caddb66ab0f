"""The only code that writes labels/ and models/."""
