"""Benchmarks: every figure beside its raw limit, measured in the same run; `dev.py bench` prints them as JSON."""
