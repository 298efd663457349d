"""Read one picture file safely, as grey pixels; refuse what cannot be read rightly, by name and reason."""

import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor
from torchvision.transforms.v2.functional import resize

from mmcourse.errors import CourseError

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}


class UnreadablePicture(CourseError):
    """A picture file that is refused; the message names the file and the reason."""


def read(path: Path, size: tuple[int, int] | None = None) -> Tensor:
    """Read a picture as grey levels, uint8 `[1, height, width]`, upright as its camera meant it.

    size     (height, width) to resize to, with antialiasing; other proportions are stretched
    Converted: colour, palette, CMYK and 16-bit grey to 8-bit grey; transparent parts to white; the
             turn that EXIF asks for is done; of an animation the first picture is taken
    Raises   UnreadablePicture for a file that is missing, empty, cut off, without pixels, or no picture
    """
    if not path.is_file():
        raise UnreadablePicture(f"{path.name}: there is no such file in {path.parent}.")
    if path.stat().st_size == 0:
        raise UnreadablePicture(f"{path.name}: the file is empty (0 bytes). Save it again, or take it out.")
    pixels = torch.from_numpy(_decode(path).copy()).unsqueeze(0)
    return pixels if size is None else resize(pixels, list(size), antialias=True)


def _decode(path: Path) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                if 0 in picture.size:
                    raise _no_pixels(path, picture.size)
                return np.asarray(_grey(ImageOps.exif_transpose(picture), path))
    except UnidentifiedImageError as error:
        if _has_zero_size(path):
            raise _no_pixels(path, "zero width or height") from error
        raise UnreadablePicture(
            f"{path.name}: not a picture that can be read. Save it as PNG or JPEG, or take it out."
        ) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadablePicture(f"{path.name}: far too many pixels. Save it smaller.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow reports a file that ends early, or whose inside is damaged, by any of these.
        raise UnreadablePicture(
            f"{path.name}: the picture is cut off or damaged ({error}). Copy it again, or take it out."
        ) from error


def _grey(picture: Image.Image, path: Path) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel; Pillow's own conversion would cut at 255
        levels = np.asarray(picture).astype(np.int64)
        if levels.min() < 0 or levels.max() > 65535:
            raise UnreadablePicture(f"{path.name}: grey levels beyond 16 bits. Save it with 8 or 16 bits.")
        return Image.fromarray(((levels + 128) // 257).astype(np.uint8))
    if picture.mode == "F":
        raise UnreadablePicture(f"{path.name}: grey levels are fractions. Save it with 8 or 16 bits.")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    elif picture.mode not in ("L", "1"):
        picture = picture.convert("RGB")  # CMYK, palette and others have no direct way to grey
    return picture.convert("L")


def _has_zero_size(path: Path) -> bool:
    """Say whether a PNG, GIF or BMP header gives no width or height, which Pillow calls no picture at all."""
    with path.open("rb") as file:
        head = file.read(26)
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return 0 in (int.from_bytes(head[16:20]), int.from_bytes(head[20:24]))
    if head.startswith(b"GIF8") and len(head) >= 10:
        return 0 in (int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))
    if head.startswith(b"BM") and len(head) >= 26:
        return 0 in (int.from_bytes(head[18:22], "little"), int.from_bytes(head[22:26], "little"))
    return False


def _no_pixels(path: Path, size: object) -> UnreadablePicture:
    return UnreadablePicture(
        f"{path.name}: the picture has no pixels ({size}). Save it again, or take it out."
    )
