//! HDF5: a dataset of vectors, rows × dims, and a dataset of names, or ann-benchmarks' datasets without names. The format
//! is described in the
//! [HDF5 File Format Specification](https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html).

mod checks;
mod read;
mod write;

use crate::archive::{Datasets, Reader, Writer};
use crate::codec::{Codec, New};
use crate::error::Result;
use crate::source::Source;
use read::Hdf5Reader;
use write::Hdf5Writer;

const NAME: &str = "HDF5";
/// What the image-retrieval service calls its vectors and their names.
const VECTORS: &str = "dataset_1";
const NAMES: &str = "dataset_2";
/// The attribute of the root group in which ann-benchmarks says how vectors are compared.
const DISTANCE: &str = "distance";
/// How every HDF5 file starts.
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

/// The format.
pub(crate) struct Hdf5;

impl Codec for Hdf5 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn endings(&self) -> &'static [&'static str] {
        &["h5", "hdf5"]
    }

    fn has_signature(&self) -> bool {
        true
    }

    fn signed(&self, source: &Source) -> Result<bool> {
        // A block of the user's own, 512 bytes or a power of two more, may come before what HDF5 writes.
        let starts = std::iter::once(0).chain((9..40).map(|power| 1_u64 << power));
        for start in starts {
            match source.peek(start)? {
                Some(SIGNATURE) => return Ok(true),
                Some(_) => {}
                None => break,
            }
        }
        Ok(false)
    }

    fn has_names(&self) -> bool {
        true
    }

    fn open(&self, source: Source, datasets: &Datasets) -> Result<Box<dyn Reader>> {
        Ok(Box::new(Hdf5Reader::open(source, datasets)?))
    }

    fn create(&self, new: New<'_>) -> Result<Box<dyn Writer>> {
        Ok(Box::new(Hdf5Writer::create(new)?))
    }
}
