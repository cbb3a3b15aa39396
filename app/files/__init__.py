"""Looking into bytes that strangers send: what they are, whether they are safe, what they say. Knows no feature."""
