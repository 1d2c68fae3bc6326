"""Compares the perceptual hashes of indexed pictures with Python's ImageHash.

    eidetic serve & python3 bench/hashes.py http://127.0.0.1:9200/pictures

pip install imagehash "pillow<13"; Pillow 13 resizes tall pictures in another order of passes. Up to 10,000 pictures are
compared, whose files have to be where they were indexed. Prints for each hash the share within 2 of 64 bits, and the share
that is equal.
"""

import json
import sys
import urllib.request

import imagehash
from PIL import Image

HASHES = {"ahash": imagehash.average_hash, "dhash": imagehash.dhash, "phash": imagehash.phash}


def main():
    fields = ["path", *(f"image.{name}" for name in HASHES)]
    body = json.dumps({"size": 10000, "_source": fields}).encode()
    asked = urllib.request.Request(f"{sys.argv[1]}/_search", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        sources = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]
    apart = {name: [] for name in HASHES}
    for source in sources:
        with Image.open(source["path"]) as picture:
            for name, reference in HASHES.items():
                bits = int(str(reference(picture)), 16) ^ int(source["image"][name], 16)
                apart[name].append(bits.bit_count())
    print(len(sources), "pictures")
    for name, bits in apart.items():
        near, equal = (sum(b <= most for b in bits) / len(bits) for most in (2, 0))
        print(f"{name} {near:.4f} within 2 bits, {equal:.4f} equal")


if __name__ == "__main__":
    main()
