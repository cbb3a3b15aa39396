"""Eligibility: counting experience by the rule of an opening (職務経験の通算)."""
