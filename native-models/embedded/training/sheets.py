"""Contact sheets: many small pictures on one, with or without their words."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

CAPTION_HEIGHT = 40


def save_sheet(
    path: Path, pictures: list[np.ndarray], words: list[str] | None, columns: int = 8, side: int = 192
) -> None:
    """Write pictures (H, W, 3) uint8 to an image file, each fitted into ``side`` × ``side`` pixels."""
    rows = -(-len(pictures) // columns)
    below = CAPTION_HEIGHT if words else 0
    sheet = Image.new("RGB", (columns * side, rows * (side + below)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, picture in enumerate(pictures):
        x, y = index % columns * side, index // columns * (side + below)
        image = Image.fromarray(picture)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        sheet.paste(image, (x + (side - image.width) // 2, y + (side - image.height) // 2))
        if words:
            draw.text((x + 3, y + side + 2), "\n".join(textwrap.wrap(words[index], 30)[:3]), fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, **({"quality": 80} if path.suffix == ".webp" else {}))
