#!/usr/bin/env python3
"""Makes the reference files of crates/vision/tests/data with Pillow.

    python -m venv .venv && .venv/bin/pip install numpy pillow
    .venv/bin/python scripts/reference/pillow.py

The pictures come out of formulas, so the files are the same wherever they are made by the same Pillow; its version is
kept beside them. `scene` is repeated by the Rust tests (crates/vision/tests/it/decode/files.rs).
"""
import io
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, PngImagePlugin, TiffImagePlugin

DATA = pathlib.Path(__file__).resolve().parents[2] / "crates/vision/tests/data"


def scene(width, height):
    """A picture of slopes, rings, edges and a fine grain, from whole numbers alone."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    r = x * 255 // max(width - 1, 1)
    g = y * 255 // max(height - 1, 1)
    dx, dy = x - width // 2, y - height // 2
    b = (dx * dx + dy * dy) // 16 % 256
    square = (x // 12 + y // 9) % 3 == 0
    r = np.where(square, 255 - r, r)
    grain = (x * 37 + y * 91 + x * y * 13) % 31 - 15
    stacked = np.stack([r + grain, g + grain, b], axis=-1)
    return np.clip(stacked, 0, 255).astype(np.uint8)


def smooth(width, height):
    """A picture without fine detail, which JPEG keeps nearly as it is."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    r = x * 255 // max(width - 1, 1)
    g = y * 255 // max(height - 1, 1)
    b = (x + y) * 255 // max(width + height - 2, 1)
    return np.stack([r, g, 255 - b], axis=-1).astype(np.uint8)


def keep(name, picture, **options):
    picture.save(DATA / name, **options)


def want(name, picture):
    """What decoding `name` has to give, as PNG beside it."""
    keep(f"{name}.want.png", picture.convert("RGB"), optimize=True)


def reread(name):
    return Image.open(DATA / name)


def over_white(picture):
    rgba = picture.convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, rgba).convert("RGB")


def resizes():
    source = Image.fromarray(scene(160, 120))
    keep("scene.png", source, optimize=True)
    filters = {
        "box": Image.BOX,
        "bilinear": Image.BILINEAR,
        "bicubic": Image.BICUBIC,
        "lanczos": Image.LANCZOS,
    }
    for name, kind in filters.items():
        for width, height in [(64, 48), (37, 90), (224, 224)]:
            keep(f"scene.{name}.{width}x{height}.png", source.resize((width, height), kind), optimize=True)
    keep("scene.luma.png", source.convert("L"), optimize=True)
    keep("scene.luma.lanczos.32x32.png", source.convert("L").resize((32, 32), Image.LANCZOS), optimize=True)


def jpegs():
    picture = Image.fromarray(smooth(97, 61))
    kinds = {
        "baseline420.jpg": dict(quality=90),
        "baseline444.jpg": dict(quality=90, subsampling=0),
        "baseline422.jpg": dict(quality=90, subsampling=1),
        "progressive.jpg": dict(quality=90, progressive=True),
        "restart.jpg": dict(quality=90, restart_marker_blocks=3),
    }
    for name, options in kinds.items():
        keep(name, picture, **options)
        want(name, reread(name))
    keep("grey.jpg", picture.convert("L"), quality=90)
    want("grey.jpg", reread("grey.jpg"))
    keep("cmyk.jpg", picture.convert("CMYK"), quality=92)
    want("cmyk.jpg", reread("cmyk.jpg"))
    keep("large_cmyk.jpg", Image.fromarray(smooth(2800, 1600)).convert("CMYK"), quality=40)
    keep("tiny.jpg", Image.fromarray(smooth(1, 1)))
    want("tiny.jpg", reread("tiny.jpg"))
    keep("strip.jpg", Image.fromarray(smooth(900, 1)), quality=95)
    want("strip.jpg", reread("strip.jpg"))


def oriented():
    picture = Image.fromarray(smooth(40, 24))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"orientation{orientation}.jpg"
        keep(name, picture, quality=95, subsampling=0, exif=exif)
        want(name, ImageOps.exif_transpose(reread(name)))


def with_metadata():
    picture = Image.fromarray(smooth(32, 20))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Eidetic Works", "Model One \0"
    exif[0x0112], exif[0x0131] = 6, "painter 1.0"
    exif[0x013B], exif[0x8298] = "Ada Example", "(c) 2024 Ada"
    sub = exif.get_ifd(0x8769)
    sub[0x9003], sub[0x9011] = "2024:02:29 13:45:07", "+02:00"
    sub[0xA434], sub[0x8827] = "50mm f/1.8", 400
    ratio = TiffImagePlugin.IFDRational
    sub[0x829D], sub[0x829A], sub[0x920A] = ratio(9, 5), ratio(1, 250), ratio(50)
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (ratio(33), ratio(51), ratio(252, 10))
    gps[3], gps[4] = "E", (ratio(151), ratio(12), ratio(54))
    gps[5], gps[6] = b"\x00", ratio(25, 2)
    xmp = XMP_ELEMENTS.encode()
    keep("described.jpg", picture, quality=90, exif=exif, xmp=xmp)
    keep("described.webp", picture, quality=90, exif=exif.tobytes(), xmp=xmp)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP_ATTRIBUTES)
    keep("described.png", picture, exif=exif, pnginfo=info)
    tiff = {700: xmp, 33723: iptc("Tiff title", "Tiff caption", ["one", "two"], utf8=True)}
    keep("described.tif", picture, tiffinfo=tiff, exif=None)
    for name, utf8 in [("iptc_utf8.jpg", True), ("iptc_latin1.jpg", False)]:
        records = iptc("Zür", "Ein Café am See", ["See", "Café", "See", " "], utf8)
        resource = b"8BIM\x03\xed\0\0" + struct.pack(">I", 3) + b"abc\0"
        resource += b"8BIM\x04\x04\x05hello" + struct.pack(">I", len(records)) + records
        segment = b"Photoshop 3.0\0" + resource
        plain = io.BytesIO()
        picture.save(plain, "JPEG", quality=90)
        jpeg = plain.getvalue()
        app13 = b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment
        (DATA / name).write_bytes(jpeg[:2] + app13 + jpeg[2:])


def iptc(title, caption, keywords, utf8):
    encode = (lambda s: s.encode("utf-8")) if utf8 else (lambda s: s.encode("latin-1"))
    sets = [(1, 90, b"\x1b%G")] if utf8 else []
    sets += [(2, 5, encode(title)), (2, 120, encode(caption))]
    sets += [(2, 25, encode(word)) for word in keywords]
    return b"".join(b"\x1c" + bytes([record, number]) + struct.pack(">H", len(data)) + data
                    for record, number, data in sets)


XMP_ELEMENTS = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="fr">Le port</rdf:li><rdf:li xml:lang="x-default">The harbour</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Boats &amp; gulls</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>gull</rdf:li><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>
<xmp:Rating>4</xmp:Rating>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

XMP_ATTRIBUTES = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:xap="http://ns.adobe.com/xap/1.0/"
 xap:Rating="-1" d:title="By attribute"/></rdf:RDF></x:xmpmeta>"""


def pngs():
    base = smooth(48, 32)
    grey = base[..., 0]
    alpha = base[..., 1]
    wide = np.arange(48 * 32, dtype=np.uint32).reshape(32, 48) * 65535 // (48 * 32 - 1)
    keep("grey16.png", Image.fromarray(wide.astype(np.uint16)), optimize=True)
    want("grey16.png", Image.fromarray(((wide + 128) // 257).astype(np.uint8)))
    keep("rgba.png", Image.fromarray(np.dstack([base, alpha])), optimize=True)
    want("rgba.png", over_white(reread("rgba.png")))
    keep("greya.png", Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]), optimize=True)
    want("greya.png", over_white(reread("greya.png")))
    palette = Image.fromarray(base).quantize(16)
    keep("palette.png", palette, transparency=3, optimize=True)
    want("palette.png", over_white(reread("palette.png")))
    keep("bits1.png", Image.fromarray(grey).convert("1"), optimize=True)
    want("bits1.png", reread("bits1.png"))
    frames = [Image.fromarray(np.roll(base, 8 * i, axis=1)) for i in range(3)]
    keep("animated.png", frames[0], save_all=True, append_images=frames[1:], duration=50)
    want("animated.png", frames[0])


def others():
    base = smooth(48, 32)
    picture = Image.fromarray(base)
    frames = [Image.fromarray(np.roll(base, 8 * i, axis=1)) for i in range(3)]
    keep("still.gif", picture.quantize(64))
    want("still.gif", reread("still.gif"))
    keep("animated.gif", frames[0].quantize(64), save_all=True, append_images=[f.quantize(64) for f in frames[1:]], duration=50)
    want("animated.gif", reread("animated.gif"))
    clear = picture.quantize(15)
    keep("transparent.gif", clear, transparency=2)
    want("transparent.gif", over_white(reread("transparent.gif")))
    keep("lossy.webp", picture, quality=90)
    want("lossy.webp", reread("lossy.webp"))
    keep("lossless.webp", picture, lossless=True)
    want("lossless.webp", picture)
    keep("alpha.webp", Image.fromarray(np.dstack([base, base[..., 0]])), lossless=True, exact=True)
    want("alpha.webp", over_white(reread("alpha.webp")))
    keep("animated.webp", frames[0], save_all=True, append_images=frames[1:], duration=50, lossless=True)
    want("animated.webp", frames[0])
    for name, options in {
        "plain.tif": {},
        "lzw.tif": dict(compression="tiff_lzw"),
        "deflate.tif": dict(compression="tiff_adobe_deflate"),
        "packbits.tif": dict(compression="packbits"),
    }.items():
        keep(name, picture, **options)
        want(name, picture)
    keep("grey.tif", picture.convert("L"), compression="tiff_lzw")
    want("grey.tif", picture.convert("L"))
    keep("cmyk.tif", picture.convert("CMYK"), compression="tiff_lzw")
    want("cmyk.tif", reread("cmyk.tif"))
    keep("rgba.tif", Image.fromarray(np.dstack([base, base[..., 0]])), compression="tiff_lzw")
    want("rgba.tif", over_white(reread("rgba.tif")))
    keep("pages.tif", frames[0], save_all=True, append_images=frames[1:], compression="tiff_lzw")
    want("pages.tif", frames[0])
    keep("palette.tif", picture.quantize(16), compression="tiff_lzw")
    keep("rgb.bmp", picture)
    want("rgb.bmp", picture)
    keep("palette.bmp", picture.quantize(32))
    want("palette.bmp", reread("palette.bmp"))


def kinds():
    """Kinds of pictures that cameras and programs seldom write."""
    base = smooth(48, 32)
    wide = base.astype(np.uint16) * 257
    png16("rgb16.png", wide)
    want("rgb16.png", Image.fromarray(base))
    alpha = np.dstack([wide, wide[..., 1]])
    png16("rgba16.png", alpha)
    want("rgba16.png", over_white(Image.fromarray(np.dstack([base, base[..., 1]]))))
    # One colour is transparent.
    keyed = np.where(base[..., :1] < 100, np.uint8([9, 8, 7]), base)
    keep("keyed.png", Image.fromarray(keyed), transparency=(9, 8, 7), optimize=True)
    want("keyed.png", over_white(reread("keyed.png")))
    grey = Image.fromarray(base[..., 0])
    keep("keyed_grey.png", grey, transparency=25, optimize=True)
    want("keyed_grey.png", over_white(reread("keyed_grey.png")))
    keep("bits1.tif", grey.convert("1"), compression="group4")
    want("bits1.tif", reread("bits1.tif"))
    keep("grey16.tif", Image.fromarray(wide[..., 0]))
    want("grey16.tif", grey)
    keep("bits1.bmp", grey.convert("1"))
    want("bits1.bmp", reread("bits1.bmp"))
    for name in ("png", "gif", "bmp", "tif", "webp"):
        keep(f"tiny.{name}", Image.fromarray(base[:1, :1]), **({"lossless": True} if name == "webp" else {}))
        want(f"tiny.{name}", reread(f"tiny.{name}"))
    ycck()
    animations(base)


def png16(name, samples):
    """A PNG of 16 bits in more than one channel, which Pillow does not write."""
    height, width, channels = samples.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    color = {3: 2, 4: 6}[channels]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, color, 0, 0, 0)),
              (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    (DATA / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in chunks))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def ycck():
    """A JPEG of inks whose colours are kept as brightness and differences, inverted as Adobe does."""
    rgb = Image.fromarray(smooth(97, 61))
    black = np.full((61, 97, 1), 40, np.uint8)
    stored = np.dstack([np.asarray(rgb.convert("YCbCr")), 255 - black])
    data = io.BytesIO()
    # Pillow inverts inks as it writes them.
    Image.fromarray(255 - stored, "CMYK").save(data, "JPEG", quality=92)
    jpeg = bytearray(data.getvalue())
    adobe = jpeg.index(b"Adobe\0")
    assert jpeg[adobe + 11] == 0
    jpeg[adobe + 11] = 2
    (DATA / "ycck.jpg").write_bytes(jpeg)
    want("ycck.jpg", reread("ycck.jpg"))


def animations(base):
    # The first frame lies within a larger screen, and a colour of it is transparent.
    small = Image.fromarray(base[:12, :20]).quantize(15)
    data = io.BytesIO()
    small.save(data, "GIF", transparency=2)
    gif = bytearray(data.getvalue())
    gif[6:10] = struct.pack("<HH", 48, 32)
    frame = gif.index(b"\x2c\0\0\0\0" + struct.pack("<HH", 20, 12))
    gif[frame + 1 : frame + 5] = struct.pack("<HH", 10, 8)
    again = bytes(gif[frame - 8 : -1])
    (DATA / "offset.gif").write_bytes(bytes(gif[:-1]) + again + b"\x3b")
    screen = Image.new("RGB", (48, 32), "white")
    screen.paste(over_white(Image.open(io.BytesIO(data.getvalue()))), (10, 8))
    want("offset.gif", screen)
    # The picture for programs without animation is none of its frames.
    frames = [Image.fromarray(np.roll(base, 8 * i, axis=1)) for i in range(3)]
    other = Image.fromarray(255 - base)
    keep("apart.png", other, save_all=True, default_image=True, append_images=frames, duration=50)
    want("apart.png", frames[0])
    # A first frame that leaves a part of the canvas clear.
    clear = [Image.fromarray(np.dstack([np.roll(base, 8 * i, axis=1), base[..., 1]])) for i in range(2)]
    keep("clear.webp", clear[0], save_all=True, append_images=clear[1:], duration=50, lossless=True, exact=True)
    want("clear.webp", over_white(clear[0]))


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    resizes()
    jpegs()
    oriented()
    with_metadata()
    pngs()
    others()
    kinds()
    (DATA / "MADE_BY").write_text(f"scripts/reference/pillow.py, Pillow {PIL.__version__}, numpy {np.__version__}\n")


if __name__ == "__main__":
    main()
