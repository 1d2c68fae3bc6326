//! Pictures that the tests make.

use image::{ImageFormat, Rgb, RgbImage};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 0 to just below an end.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A picture of coloured tiles that no other seed has.
pub(crate) fn tiles(seed: u64, width: u32, height: u32) -> RgbImage {
    let mut numbers = Numbers(seed);
    let colors: Vec<Rgb<u8>> = (0..48)
        .map(|_| Rgb(numbers.next().to_le_bytes()[..3].try_into().unwrap()))
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let tile = (x * 8 / width) + 8 * (y * 6 / height);
        colors[tile as usize]
    })
}

/// A picture of one colour with a little noise, so that no two are the same.
pub(crate) fn plain(color: [u8; 3], seed: u64) -> RgbImage {
    let mut numbers = Numbers(seed);
    RgbImage::from_fn(64, 48, |_, _| {
        Rgb(color.map(|value| value.saturating_add(numbers.below(24) as u8)))
    })
}

/// Saves a picture under a name, making its folder, in the format that the name's ending says.
pub(crate) fn save(path: &Path, picture: &RgbImage) {
    let format = ImageFormat::from_path(path).unwrap();
    save_as(path, picture, format);
}

/// Saves a picture in a format, whatever its name says.
pub(crate) fn save_as(path: &Path, picture: &RgbImage, format: ImageFormat) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture.save_with_format(path, format).unwrap();
}

/// Saves a PNG of small tiles.
pub(crate) fn save_tiles(path: &Path, seed: u64) {
    save_as(path, &tiles(seed, 64, 48), ImageFormat::Png);
}

/// The bytes of a picture in a format.
pub(crate) fn bytes(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The SHA-256 of a file's bytes, in hexadecimal.
pub(crate) fn sha256_of(path: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a file look changed so many seconds after the epoch.
pub(crate) fn touch(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    std::fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

/// A square PNG of black pixels of one bit. Its zeros are deflated by hand: a side of 30,000 makes 112.5 MB of them and
/// a file of about 110 kB.
pub(crate) fn black_png(side: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [side.to_be_bytes(), side.to_be_bytes()].concat();
    // One bit a pixel, grey, and no interlacing.
    header.extend([1, 0, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    let row_bytes = 1 + side.div_ceil(8) as usize;
    chunk(&mut png, b"IDAT", &zlib_of_zeros(row_bytes * side as usize));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(data);
    let crc = crc32(&png[start..]);
    png.extend(crc.to_be_bytes());
}

/// The checksum of PNG, zlib and the data folder's format, CRC-32.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Zeros as zlib has them (RFC 1950, RFC 1951): one block with Huffman codes of its own, in which 258 zeros take two
/// bits.
fn zlib_of_zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with dynamic codes: 286 lengths of literals, 1 of distances, 18 of lengths.
    bits.put(0b101, 3);
    bits.put(286 - 257, 5);
    bits.put(0, 5);
    bits.put(18 - 4, 4);
    // Lengths 1 and 2 take two bits, "so many times 0" (18, the third) takes one.
    for at in 0..18 {
        bits.put(
            match at {
                2 => 1,
                15 | 17 => 2,
                _ => 0,
            },
            3,
        );
    }
    let (one, two) = ((0b01, 2), (0b11, 2));
    let zeros = |bits: &mut Bits, count: u32| {
        bits.put(0, 1);
        bits.put(count - 11, 7);
    };
    // The literal 0 and the end have two bits, the length 258 and the distance 1 have one.
    bits.put(two.0, two.1);
    zeros(&mut bits, 138);
    zeros(&mut bits, 117);
    bits.put(two.0, two.1);
    zeros(&mut bits, 28);
    bits.put(one.0, one.1);
    bits.put(one.0, one.1);
    // The data: a zero, then as many runs as there are, then zeros one by one.
    let (zero, end) = ((0b01, 2), (0b11, 2));
    bits.put(zero.0, zero.1);
    for _ in 0..(count - 1) / 258 {
        bits.put(0, 2);
    }
    for _ in 0..(count - 1) % 258 {
        bits.put(zero.0, zero.1);
    }
    bits.put(end.0, end.1);
    let mut zlib = vec![0x78, 0xda];
    zlib.extend(bits.bytes);
    let adler = (((count % 65_521) as u32) << 16) | 1;
    zlib.extend(adler.to_be_bytes());
    zlib
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in 0..count {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> at & 1) as u8) << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }
}

#[test]
fn the_huge_picture_is_one_that_decoders_accept() {
    let length = black_png(30_000).len();
    assert!((105_000..115_000).contains(&length), "{length}");
    // A smaller one, as the huge one takes 900 MB when it is decoded.
    let picture = image::load_from_memory(&black_png(3_001)).unwrap();
    assert_eq!((picture.width(), picture.height()), (3_001, 3_001));
    assert!(picture.to_luma8().pixels().all(|pixel| pixel.0 == [0]));
}
