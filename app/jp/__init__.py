"""Japanese text, numbers and dates as pure functions: no Flask, no database."""
