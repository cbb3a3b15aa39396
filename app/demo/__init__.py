"""The demo's contents as plain values: facts of real calls, values needed to run them, made-up people (design 55)."""
