//! What stands before the rows of an HDF5 file: superblock, root group with its attribute, headers of the datasets.
//!
//! Everything is little-endian; addresses and lengths have 8 bytes. The numbers of versions and messages are those of the
//! format's first version, which every reader knows.

use crate::hdf5::{DISTANCE, SIGNATURE};

/// No address.
const UNDEFINED: u64 = u64::MAX;
/// Half of the most entries in a leaf and in an inner node of the root group's tree.
const LEAF_K: u16 = 4;
const INNER_K: u16 = 16;
const SUPERBLOCK_BYTES: u64 = 96;
/// Signature and siblings, then keys and children in turn.
const TREE_BYTES: u64 = 24 + 8 * (4 * INNER_K as u64 + 1);
const HEAP_BYTES: u64 = 32;
const LEAF_BYTES: u64 = 8 + 40 * 2 * LEAF_K as u64;
/// Room for the header of a dataset.
const DATASET_BYTES: u64 = 256;

/// What a dataset's elements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    F32,
    F64,
    /// A string of a fixed length, filled up with zeros.
    String {
        bytes: u32,
        ascii: bool,
    },
}

impl Element {
    fn bytes(self) -> u64 {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
            Self::String { bytes, .. } => bytes.into(),
        }
    }

    /// The datatype message: class and version, bits of the class, size, properties.
    fn message(self) -> Vec<u8> {
        // The place of the sign; mantissa with an implied first one.
        let float = |sign: u8, size: u32, exponent: [u8; 2], mantissa: u8, bias: u32| {
            let mut bytes = vec![0x11, 0x20, sign, 0];
            bytes.extend(size.to_le_bytes());
            bytes.extend(0_u16.to_le_bytes());
            bytes.extend((8 * size as u16).to_le_bytes());
            bytes.extend(exponent);
            bytes.extend([0, mantissa]);
            bytes.extend(bias.to_le_bytes());
            bytes
        };
        match self {
            Self::F32 => float(31, 4, [23, 8], 23, 127),
            Self::F64 => float(63, 8, [52, 11], 52, 1_023),
            Self::String { bytes, ascii } => {
                const FILLED_WITH_ZEROS: u8 = 1;
                let charset = if ascii { 0 } else { 1 << 4 };
                let mut message = vec![0x13, FILLED_WITH_ZEROS | charset, 0, 0];
                message.extend(bytes.to_le_bytes());
                message
            }
        }
    }
}

/// A dataset: its shape, its elements and where the first of them is.
pub(super) struct Stored {
    pub(super) shape: Vec<u64>,
    pub(super) element: Element,
    pub(super) start: u64,
}

impl Stored {
    fn bytes(&self) -> u64 {
        self.shape.iter().product::<u64>() * self.element.bytes()
    }

    /// Where the last element ends.
    pub(super) fn end(&self) -> u64 {
        self.start + self.bytes()
    }

    /// The object header.
    fn header(&self) -> Vec<u8> {
        let mut space = vec![1, self.shape.len() as u8, 0, 0, 0, 0, 0, 0];
        for extent in &self.shape {
            space.extend(extent.to_le_bytes());
        }
        // Version 2; allocated late; written if it was set; defined, of no length.
        let fill = vec![2, 2, 2, 1, 0, 0, 0, 0];
        // An address of no bytes would lie past the end of a file without rows.
        let start = if self.bytes() == 0 {
            UNDEFINED
        } else {
            self.start
        };
        let mut layout = vec![3, 1];
        layout.extend(start.to_le_bytes());
        layout.extend(self.bytes().to_le_bytes());
        let messages = [
            message(0x01, 0, space),
            message(0x03, 1, self.element.message()),
            message(0x05, 1, fill),
            message(0x08, 0, layout),
        ];
        object(&messages)
    }
}

/// Everything before the rows.
pub(super) struct Header<'a> {
    pub(super) vectors: (&'a str, Stored),
    pub(super) names: (&'a str, Stored),
    /// What the root group's attribute says, where it has one.
    pub(super) distance: Option<&'a str>,
}

impl Header<'_> {
    /// How long the header is, which only the names of the datasets and the attribute decide.
    pub(super) fn length(vectors: &str, names: &str, distance: Option<&str>) -> u64 {
        Places::new(vectors, names, distance).end
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let places = Places::new(self.vectors.0, self.names.0, self.distance);
        // A group lists its members by the order of their names.
        let mut members = [&self.vectors, &self.names];
        members.sort_by_key(|(name, _)| name.as_bytes());
        let [first, second] = members;
        let second_name = 8 + heap_bytes(first.0);
        let end = first.1.end().max(second.1.end()).max(places.end);

        let mut out = superblock(&places, end);
        out.extend(root(places.tree, places.heap, self.distance));

        out.extend(b"TREE\0\0");
        out.extend(1_u16.to_le_bytes());
        put(
            &mut out,
            &[UNDEFINED, UNDEFINED, 0, places.leaf, second_name],
        );
        out.resize(places.heap as usize, 0);

        out.extend(b"HEAP\0\0\0\0");
        // No free space in it, which is said by a one.
        put(&mut out, &[places.names_bytes(), 1, places.heap_names]);
        out.extend([0; 8]);
        for (name, _) in members {
            out.extend(name.as_bytes());
            out.resize(out.len() + (heap_bytes(name) as usize - name.len()), 0);
        }

        out.extend(b"SNOD\x01\0");
        out.extend(2_u16.to_le_bytes());
        put(&mut out, &[8, places.datasets, 0, 0, 0]);
        put(
            &mut out,
            &[second_name, places.datasets + DATASET_BYTES, 0, 0, 0],
        );
        out.resize(places.datasets as usize, 0);

        out.extend(first.1.header());
        out.resize((places.datasets + DATASET_BYTES) as usize, 0);
        out.extend(second.1.header());
        out.resize(places.end as usize, 0);
        out
    }
}

/// Where each part is.
struct Places {
    root: u64,
    tree: u64,
    heap: u64,
    heap_names: u64,
    leaf: u64,
    datasets: u64,
    end: u64,
}

impl Places {
    fn new(vectors: &str, names: &str, distance: Option<&str>) -> Self {
        let root = SUPERBLOCK_BYTES;
        let tree = root + root_bytes(distance);
        let heap = tree + TREE_BYTES;
        let heap_names = heap + HEAP_BYTES;
        let leaf = heap_names + 8 + heap_bytes(vectors) + heap_bytes(names);
        let datasets = leaf + LEAF_BYTES;
        Self {
            root,
            tree,
            heap,
            heap_names,
            leaf,
            datasets,
            end: datasets + 2 * DATASET_BYTES,
        }
    }

    fn names_bytes(&self) -> u64 {
        self.leaf - self.heap_names
    }
}

fn superblock(places: &Places, end: u64) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    // Versions of the superblock, of free space, of the root group; reserved; of shared messages; bytes of an address and
    // of a length; reserved.
    out.extend([0, 0, 0, 0, 0, 8, 8, 0]);
    out.extend(LEAF_K.to_le_bytes());
    out.extend(INNER_K.to_le_bytes());
    out.extend([0; 4]);
    put(&mut out, &[0, UNDEFINED, end, UNDEFINED]);
    // The root group: it has no name, and the places of its tree and its heap are repeated here.
    put(&mut out, &[0, places.root, 1, places.tree, places.heap]);
    out
}

/// The root group: where its members are, and its attribute.
fn root(tree: u64, heap: u64, distance: Option<&str>) -> Vec<u8> {
    let mut table = tree.to_le_bytes().to_vec();
    table.extend(heap.to_le_bytes());
    let mut messages = vec![message(0x11, 0, table)];
    messages.extend(distance.map(|text| message(0x0c, 0, attribute(DISTANCE, text))));
    object(&messages)
}

fn root_bytes(distance: Option<&str>) -> u64 {
    root(0, 0, distance).len() as u64
}

/// An attribute that is one text of a fixed length: the lengths of name, type and shape, each of these filled up to eight
/// bytes, and the text.
fn attribute(name: &str, text: &str) -> Vec<u8> {
    let element = Element::String {
        bytes: text.len() as u32,
        ascii: text.is_ascii(),
    };
    let mut named = name.as_bytes().to_vec();
    named.push(0);
    // Version 1, no axes.
    let parts = [named, element.message(), vec![1, 0, 0, 0, 0, 0, 0, 0]];
    let mut out = vec![1, 0];
    for part in &parts {
        out.extend((part.len() as u16).to_le_bytes());
    }
    for part in parts {
        out.extend(part);
        out.resize(out.len().next_multiple_of(8), 0);
    }
    out.extend(text.as_bytes());
    out
}

/// Bytes of a name in the heap, with a zero at its end and filled up to eight.
fn heap_bytes(name: &str) -> u64 {
    (name.len() as u64 + 1).next_multiple_of(8)
}

fn put(out: &mut Vec<u8>, numbers: &[u64]) {
    for number in numbers {
        out.extend(number.to_le_bytes());
    }
}

/// A message of an object header, its body filled up to eight bytes.
fn message(kind: u16, flags: u8, mut body: Vec<u8>) -> Vec<u8> {
    body.resize(body.len().next_multiple_of(8), 0);
    let mut out = kind.to_le_bytes().to_vec();
    out.extend((body.len() as u16).to_le_bytes());
    out.extend([flags, 0, 0, 0]);
    out.extend(body);
    out
}

/// An object header that one link points to.
fn object(messages: &[Vec<u8>]) -> Vec<u8> {
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let mut out = vec![1, 0];
    out.extend((messages.len() as u16).to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    out.extend((bytes as u32).to_le_bytes());
    out.extend([0; 4]);
    out.extend(messages.concat());
    out
}
