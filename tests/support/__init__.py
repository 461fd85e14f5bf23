"""What the tests share: a clock, a keyring, a fresh profile, the guards against leaks; no tests."""
