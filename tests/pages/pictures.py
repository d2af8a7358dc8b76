"""Takes a picture and the name of the one that it should look like, says where they differ more than fonts do.

``UPDATE_GOLDEN=1`` writes the golden pictures again; look at each before keeping it.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy
import pytest
from numpy.typing import NDArray
from PIL import Image

GOLDEN: Final = Path(__file__).parent / "golden"
SQUARE: Final = 4
"""Colours are compared as means over squares of so many pixels: hinting moves an edge by less than one pixel."""
LEVELS: Final = 64
"""How far, of 255, a square's colour may be off."""
SHARE: Final = 1e-4
"""The share of squares that may differ: eight of a picture of 1400 by 900, where a risk's sign has twenty and more."""
FONTS: Final = "fonts"
"""The picture of a few words in the fonts that the golden pictures were made with."""
WORDS: Final = """<body style="margin:8px;font:16px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif">
Risks, cascades 0123456789 <b>RISK-101</b> <code>RISK-101</code>"""
"""A page of those words, in the fonts of ``page.css``."""
_ALIKE: Final = 0.02
_seen: list[bool] = []


@dataclass(frozen=True)
class Difference:
    """How two pictures differ: the share of squares, and the squares, marked in a copy of the golden picture."""

    share: float
    marked: Image.Image


def check_picture(name: str, picture: bytes, folder: Path) -> None:
    """Compare a screenshot with ``golden/NAME.png``; what differs is left in ``folder``, as two pictures.

    Where the machine has other fonts than the golden pictures, nothing can be said, and the test is skipped.
    """
    if _seen == [False] and not os.environ.get("UPDATE_GOLDEN"):
        pytest.skip("this machine has other fonts than the golden pictures: install fonts-dejavu-core")
    file = GOLDEN / f"{name}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(picture)
    assert file.exists(), f"there is no {file.name} yet: UPDATE_GOLDEN=1 writes it"
    actual, golden = _read(picture), _read(file.read_bytes())
    found = compare_pictures(actual, golden) if actual.size == golden.size else None
    if found is None or found.share > SHARE:
        actual.save(folder / f"{name}.actual.png")
        if found:
            found.marked.save(folder / f"{name}.difference.png")
    assert found is not None, f"{name}: {actual.size} pixels, and {golden.size} in the golden picture; see {folder}"
    assert found.share <= SHARE, f"{name}: {found.share:.3%} of it differs from the golden picture; see {folder}"


def note_fonts(picture: bytes) -> None:
    """Take a screenshot of ``WORDS``, and remember whether this machine has the fonts of the golden pictures."""
    file = GOLDEN / f"{FONTS}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(picture)
    actual, golden = _read(picture), _read(file.read_bytes())
    _seen[:] = [actual.size == golden.size and compare_pictures(actual, golden).share <= _ALIKE]


def compare_pictures(actual: Image.Image, golden: Image.Image) -> Difference:
    """How a picture differs from one of the same size."""
    differs = numpy.abs(_squares(actual) - _squares(golden)).max(axis=2) > LEVELS
    marked = numpy.asarray(golden.convert("L").convert("RGB")) // 2 + 96
    pixels = differs.repeat(SQUARE, axis=0).repeat(SQUARE, axis=1)[: marked.shape[0], : marked.shape[1]]
    marked[pixels] = (220, 0, 0)
    return Difference(float(differs.mean()), Image.fromarray(marked))


def _read(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _squares(picture: Image.Image) -> NDArray[numpy.float64]:
    """The mean colour of each square; what does not fill a square at the right and lower edge is repeated."""
    pixels: NDArray[Any] = numpy.asarray(picture, dtype=numpy.float64)
    rows, columns = (-pixels.shape[axis] % SQUARE for axis in (0, 1))
    pixels = numpy.pad(pixels, ((0, rows), (0, columns), (0, 0)), mode="edge")
    height, width = pixels.shape[0] // SQUARE, pixels.shape[1] // SQUARE
    return numpy.asarray(pixels.reshape(height, SQUARE, width, SQUARE, 3).mean(axis=(1, 3)))
