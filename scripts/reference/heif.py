#!/usr/bin/env python3
"""Makes the files of crates/vision/tests/data/heif: HEIC and AVIF, and what libheif and libavif make of them.

    python -m venv .venv && .venv/bin/pip install numpy pillow pillow-heif imagecodecs
    .venv/bin/python scripts/reference/heif.py

The encoders come with pillow-heif (x265), Pillow and imagecodecs (libaom). What they do not write is put together here
from pictures that they coded: tiles, cropping, turning, premultiplied transparency, EXIF that says another orientation.
"""
import io
import struct

import imagecodecs
import numpy as np
import PIL
import pillow_heif
from PIL import Image, ImageOps

from pillow import DATA as PARENT
from pillow import XMP_ATTRIBUTES, over_white, smooth
from synthetic import picture

DATA = PARENT / "heif"
pillow_heif.register_heif_opener()


def want(name, image):
    """What decoding `name` has to give, upright and over white."""
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.mode in ("RGBA", "LA", "RGBa")
    (over_white(upright) if has_alpha else upright.convert("RGB")).save(DATA / f"{name}.want.png", optimize=True)


def encode(extension, image, **options):
    data = io.BytesIO()
    if extension == "heic":
        image.save(data, "HEIF", **{"quality": 80, "chroma": 420, **options})
    else:
        names = {420: "4:2:0", 422: "4:2:2", 444: "4:4:4", 400: "4:0:0"}
        chroma = names[options.pop("chroma", 420)]
        image.save(data, "AVIF", **{"quality": 80, "subsampling": chroma, "speed": 4, **options})
    return data.getvalue()


def keep(name, data, image=None):
    """Writes a file, and what is wanted of it: `image`, or what the libraries make of it."""
    (DATA / name).write_bytes(data)
    want(name, image or opened(data))


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


# Boxes of ISO base media.


def boxes(data, at=0, end=None):
    end = len(data) if end is None else end
    while at + 8 <= end:
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at : at + length], data[at + 8 : at + length]
        at += length or end - at


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def child(body, kind):
    return next(inner for name, _, inner in boxes(body) if name == kind)


def coded(data):
    """The coded bytes and the configuration box of a file's first item."""
    meta = child(data, b"meta")[4:]
    places = child(meta, b"iloc")
    version, lengths = places[0], places[4]
    assert lengths == 0x44 and version in (0, 1, 2), (version, lengths)
    base_bytes = places[5] >> 4
    at = 6 + (4 if version == 2 else 2) + (4 if version == 2 else 2) + (2 if version else 0) + 2
    base = int.from_bytes(places[at : at + base_bytes], "big")
    _, place, length = struct.unpack(">HII", places[at + base_bytes : at + base_bytes + 10])
    properties = child(child(meta, b"iprp"), b"ipco")
    configuration = next(whole for name, whole, _ in boxes(properties) if name in (b"hvcC", b"av1C"))
    return data[base + place : base + place + length], configuration


class File:
    """A file of items, the first of which is the primary one."""

    def __init__(self, extension):
        self.extension = extension
        self.items, self.properties, self.references = [], [], []

    def add(self, kind, data, properties=(), refers=(), inside=False, content=b""):
        number = len(self.items) + 1
        associated = []
        for one in properties:
            if one not in self.properties:
                self.properties.append(one)
            associated.append(self.properties.index(one) + 1)
        self.items.append((number, kind, data, associated, inside, content))
        self.references += [(name, number, to) for name, to in refers]
        return number

    def picture(self, image, *properties, refers=(), **options):
        """Adds a picture in full values of BT.601, of all colours unless it is told otherwise."""
        data, configuration = coded(encode(self.extension, image, **{"chroma": 444, **options}))
        kind = b"hvc1" if self.extension == "heic" else b"av01"
        extent = full(b"ispe", 0, 0, struct.pack(">II", *image.size))
        colors = box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80))
        return self.add(kind, data, [extent, configuration, colors, *properties], refers)

    def meta(self, start):
        kept = b"".join(data for _, _, data, _, inside, _ in self.items if inside)
        places, entries, associations, in_file, in_table = [], [], [], start, 0
        for number, kind, data, properties, inside, content in self.items:
            at = in_table if inside else in_file
            places.append(struct.pack(">HHHHII", number, int(inside), 0, 1, at, len(data)))
            if inside:
                in_table += len(data)
            else:
                in_file += len(data)
            tail = b"\0" + content + b"\0" if content else b"\0"
            entries.append(full(b"infe", 2, 0, struct.pack(">HH", number, 0), kind, tail))
            associations.append(struct.pack(">HB", number, len(properties)) + bytes(properties))
        count = len(self.items)
        references = [
            box(name, struct.pack(f">HH{len(to)}H", number, len(to), *to)) for name, number, to in self.references
        ]
        return full(
            b"meta", 0, 0,
            full(b"hdlr", 0, 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", 0, 0, struct.pack(">H", 1)),
            full(b"iloc", 1, 0, struct.pack(">BBH", 0x44, 0, count), *places),
            full(b"iinf", 0, 0, struct.pack(">H", count), *entries),
            box(
                b"iprp",
                box(b"ipco", *self.properties),
                full(b"ipma", 0, 0, struct.pack(">I", count), *associations),
            ),
            *([full(b"iref", 0, 0, *references)] if references else []),
            *([box(b"idat", kept)] if kept else []),
        )

    def bytes(self):
        brand = b"heic" if self.extension == "heic" else b"avif"
        head = box(b"ftyp", brand, bytes(4), b"mif1", brand, b"miaf")
        start = len(head) + len(self.meta(0)) + 8
        data = b"".join(data for _, _, data, _, inside, _ in self.items if not inside)
        return head + self.meta(start) + box(b"mdat", data)


def decoded(extension, image):
    """An image as it is after coding with all colours."""
    return opened(encode(extension, image, chroma=444)).convert(image.mode)


def plain(extension):
    even = Image.fromarray(smooth(97, 61))
    for chroma in (420, 422):
        keep(f"{chroma}.{extension}", encode(extension, even, chroma=chroma))
    keep(f"444.{extension}", encode(extension, Image.fromarray(picture(1, 61, 45)), chroma=444))
    keep(f"tiny.{extension}", encode(extension, Image.fromarray(smooth(1, 1)), chroma=444))
    keep(f"strip.{extension}", encode(extension, Image.fromarray(smooth(300, 3)), chroma=444))
    grey = Image.fromarray(picture(2, 61, 45)).convert("L")
    keep(f"grey.{extension}", encode(extension, grey, **({} if extension == "heic" else {"chroma": 400})))
    rgba = Image.fromarray(np.dstack([picture(3, 61, 45), smooth(61, 45)[..., 0]]))
    keep(f"alpha.{extension}", encode(extension, rgba, chroma=444))


def deep():
    ten = (smooth(97, 61).astype(np.uint16) << 2) | 2
    eight = Image.fromarray(((ten.astype(np.uint32) * 255 + 511) // 1023).astype(np.uint8))
    data = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (97, 61), (ten << 6).tobytes()).save(data, quality=95, chroma=444)
    keep("deep.heic", data.getvalue(), eight)
    coded_ten = imagecodecs.avif_encode(ten, level=95, speed=4, bitspersample=10, pixelformat="444")
    keep("deep.avif", coded_ten, eight)


def put_together(extension):
    tiles = [Image.fromarray(picture(10 + n, 64, 64)) for n in range(4)]
    whole = Image.new("RGB", (100, 90))
    for n, tile in enumerate(tiles):
        whole.paste(decoded(extension, tile), (n % 2 * 64, n // 2 * 64))
    file = File(extension)
    extent = full(b"ispe", 0, 0, struct.pack(">II", 100, 90))
    layout = struct.pack(">BBBBHH", 0, 0, 1, 1, 100, 90)
    numbers = [2, 3, 4, 5]
    # A quarter against the clock.
    file.add(b"grid", layout, [extent, box(b"irot", b"\1")], [(b"dimg", numbers)], inside=True)
    for tile in tiles:
        file.picture(tile)
    keep(f"grid.{extension}", file.bytes(), whole.transpose(Image.ROTATE_90))

    # 40 × 30 pixels, their middle 3 to the right and 2 above that of the picture.
    source = Image.fromarray(picture(20, 64, 64))
    aperture = box(b"clap", struct.pack(">IIIIiIiI", 40, 1, 30, 1, 3, 1, -2, 1))
    file = File(extension)
    file.picture(source, aperture)
    keep(f"cropped.{extension}", file.bytes(), decoded(extension, source).crop((15, 15, 55, 45)))

    # Turned a quarter against the clock, then left and right swapped. x265 codes whole blocks; that the picture ends
    # before they do is said by the container alone, here and below.
    source = Image.fromarray(picture(21, 61, 45))
    upright = decoded(extension, source).transpose(Image.ROTATE_90).transpose(Image.FLIP_LEFT_RIGHT)
    file = File(extension)
    file.picture(source, box(b"irot", b"\1"), box(b"imir", b"\1"))
    keep(f"turned.{extension}", file.bytes(), upright)

    # A picture by another item's name, and EXIF that says it were turned.
    source = Image.fromarray(picture(23, 64, 64))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Eidetic Works", 6
    file = File(extension)
    extent = full(b"ispe", 0, 0, struct.pack(">II", *source.size))
    file.add(b"iden", b"", [extent], [(b"dimg", [2])], inside=True)
    file.picture(source)
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    file.add(b"Exif", struct.pack(">I", 6) + b"Exif\0\0" + block, refers=[(b"cdsc", [1])])
    xmp = XMP_ATTRIBUTES.encode()
    file.add(b"mime", xmp, refers=[(b"cdsc", [1])], content=b"application/rdf+xml")
    keep(f"described.{extension}", file.bytes(), decoded(extension, source))

    # Colours that were multiplied by how opaque they are, which is kept at half the size.
    opaque = Image.fromarray(smooth(60, 44)[..., 0])
    source = Image.fromarray(np.minimum(picture(22, 60, 44), np.asarray(opaque)[..., None]))
    name = box(b"auxC", bytes(4), b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
    file = File(extension)
    file.picture(source, refers=[(b"prem", [2])])
    file.picture(opaque.resize((30, 22), Image.BOX), name, refers=[(b"auxl", [1])], chroma=420 if extension == "heic" else 400)
    colors = np.asarray(decoded(extension, source)).astype(int)
    keep(f"premultiplied.{extension}", file.bytes(), Image.fromarray(
        np.minimum(colors + 255 - np.asarray(opaque)[..., None], 255).astype(np.uint8)))


def moving():
    frames = [Image.fromarray(np.roll(picture(30, 61, 45), 8 * n, axis=1)) for n in range(3)]
    data = encode("avif", frames[0], chroma=444, save_all=True, append_images=frames[1:], duration=50)
    first = opened(data).convert("RGB")
    keep("animated.avif", data, first)
    # Without items, the track alone.
    assert data.count(b"meta") == 1
    keep("track.avif", data.replace(b"meta", b"free"), first)


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    for extension in ("heic", "avif"):
        plain(extension)
        put_together(extension)
    deep()
    moving()
    versions = f"Pillow {PIL.__version__}, pillow-heif {pillow_heif.__version__}, numpy {np.__version__}"
    made_by = f"scripts/reference/heif.py, {versions}, imagecodecs {imagecodecs.__version__}, libheif {pillow_heif.libheif_version()}"
    (DATA / "MADE_BY").write_text(made_by + "\n")


if __name__ == "__main__":
    main()
