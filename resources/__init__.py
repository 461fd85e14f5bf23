"""Data that ships with Formwork (styles, translations, icons, pictures) and its accessors; no logic of the product."""

from pathlib import Path

ROOT = Path(__file__).parent


def path(*parts: str) -> Path:
    """The file or folder `parts` below the resources folder."""
    return ROOT.joinpath(*parts)
