//! HDF5: a dataset of vectors, rows × dims, and a dataset of names. The format is described in the
//! [HDF5 File Format Specification](https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html).

mod read;
mod write;

pub(crate) use read::Hdf5Reader;
pub(crate) use write::Hdf5Writer;

/// How every HDF5 file starts.
pub(crate) const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";
