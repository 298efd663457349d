"""What a bad picture gets: converted where that is right, else refused by file name and reason."""

import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from mmcourse.data import images

GREY = np.linspace(0, 255, 96).astype(np.uint8).reshape(12, 8)  # from black to white, no two rows alike


def _save(path, picture, **options):
    picture.save(path, **options)
    return path


def _noise():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8))


def _empty(path):
    path.write_bytes(b"")


def _truncated(path):
    held = _save(path, _noise()).read_bytes()
    path.write_bytes(held[: len(held) // 2])


def _truncated_jpeg(path):
    held = _save(path, _noise(), format="JPEG").read_bytes()
    path.write_bytes(held[: len(held) // 2])


def _header_only(path):
    path.write_bytes(_save(path, _noise()).read_bytes()[:12])


def _png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def _zero_size(path):
    path.write_bytes(_png_header(0, 5) + b"\0\0\0\0IEND\xaeB`\x82")


def _zero_size_gif(path):
    path.write_bytes(b"GIF89a" + struct.pack("<HHBBB", 0, 0, 0, 0, 0) + b";")


def _enormous(path):
    path.write_bytes(_png_header(100_000, 100_000) + struct.pack(">I", 999) + b"IDAT" + bytes(999))


def _not_a_picture(path):
    path.write_text("a picture paints a thousand words\n")


def _fractions(path):
    Image.fromarray(GREY.astype(np.float32)).save(path, format="TIFF")


REFUSED = {
    "empty": (_empty, r"the file is empty \(0 bytes\)"),
    "truncated": (_truncated, "the picture is cut off or damaged"),
    "truncated JPEG": (_truncated_jpeg, "the picture is cut off or damaged"),
    "header only": (_header_only, "not a picture that can be read|cut off or damaged"),
    "zero size": (_zero_size, "the picture has no pixels"),
    "zero size GIF": (_zero_size_gif, "the picture has no pixels"),
    "enormous": (_enormous, "far too many pixels"),
    "not a picture": (_not_a_picture, "not a picture that can be read. Save it as PNG or JPEG"),
    "fractions": (_fractions, "grey levels are fractions. Save it with 8 or 16 bits"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_picture_is_refused_by_name_and_reason(tmp_path, make, reason):
    path = tmp_path / "katze für anna.png"
    make(path)
    with pytest.raises(images.UnreadablePicture, match=f"^katze für anna.png: .*({reason})"):
        images.read(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(images.UnreadablePicture, match=r"gone\.png: there is no such file in "):
        images.read(tmp_path / "gone.png")


def _grey(path):
    _save(path, Image.fromarray(GREY))


def _palette(path):
    picture = Image.fromarray(255 - GREY).convert(
        "P"
    )  # its palette is turned round: indices are not grey levels
    picture.putpalette([255 - i // 3 for i in range(768)])
    _save(path, picture)


def _rgb(path):
    _save(path, Image.fromarray(GREY).convert("RGB"))


def _rgba(path):
    _save(path, Image.fromarray(GREY).convert("RGBA"))


def _sixteen_bit(path):
    _save(path, Image.fromarray(GREY.astype(np.uint16) * 257))


def _cmyk(path):
    _save(path, Image.fromarray(GREY).convert("RGB").convert("CMYK"), format="TIFF")


def _rotated_by_exif(path):
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter clockwise to see me upright"
    _save(path, Image.fromarray(np.rot90(GREY).copy()), exif=exif)


def _animation(path):
    others = [Image.fromarray(np.zeros_like(GREY))]
    _save(path, Image.fromarray(GREY), save_all=True, append_images=others, format="GIF")


CONVERTED = {
    "grey": _grey,
    "palette": _palette,
    "RGB": _rgb,
    "RGBA": _rgba,
    "16-bit grey": _sixteen_bit,
    "CMYK": _cmyk,
    "turned by EXIF": _rotated_by_exif,
    "animation": _animation,
}


@pytest.mark.parametrize("make", CONVERTED.values(), ids=CONVERTED)
def test_picture_is_converted_to_the_same_grey_levels(tmp_path, make):
    path = tmp_path / "picture.png"
    make(path)
    pixels = images.read(path)
    assert pixels.dtype == torch.uint8
    assert pixels.shape == (1, 12, 8)
    off = 1 if make is _cmyk else 0  # CMYK rounds twice
    assert np.abs(pixels[0].numpy().astype(int) - GREY).max() <= off


def test_transparent_parts_become_paper(tmp_path):
    pixels = np.zeros((4, 4, 4), dtype=np.uint8)  # black ink
    pixels[1:3, 1:3, 3] = 255  # and only in the middle
    path = _save(tmp_path / "ink.png", Image.fromarray(pixels))
    read = images.read(path)[0]
    assert read[1:3, 1:3].max() == 0
    assert read[0].min() == 255


def test_transparent_palette_entry_becomes_paper(tmp_path):
    picture = Image.fromarray(np.array([[0, 1], [1, 0]], dtype=np.uint8)).convert("P")
    picture.putpalette([0, 0, 0, 10, 10, 10] + [0] * 762)
    path = _save(tmp_path / "p.png", picture, transparency=0)
    assert images.read(path)[0].tolist() == [[255, 10], [10, 255]]


def test_resizing_gives_the_asked_size_and_keeps_the_mean(tmp_path):
    path = _save(tmp_path / "noise.png", _noise())
    small = images.read(path, (8, 4))
    assert small.shape == (1, 8, 4)
    assert abs(small.float().mean() - images.read(path).float().mean()) < 5
    assert small.float().std() < images.read(path).float().std() / 3  # antialiased: noise averages out
