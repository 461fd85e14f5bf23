"""Kills and power cuts: the program is stopped in the middle of its work and must have lost nothing it acknowledged.

`python3 dev.py faults` runs the long versions; the tests here run short ones.
"""
