"""Situations of the records: the lab brought to what a record shows, asked its command, and the answers compared.

``@situation("a11", ...)`` marks a function that takes the record and gives the differences between what the real host
answered and what the lab answers; an empty list is agreement.
"""
