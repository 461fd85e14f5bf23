"""What formulas compute with: value types, error values, exact numbers, moments and the conversions between them.

Sits below `runtime.functions`, so that the catalogue of functions and the expression language share one set of rules.
Blank is `None`; number is `Decimal`; text `str`; bool `bool`; date `datetime.date`; date-time an aware
`datetime.datetime` in UTC; time of day a naive `datetime.time`; duration `datetime.timedelta`; a choice is the text of
its label; a record its `uuid.UUID`; a list a tuple of those.
"""
