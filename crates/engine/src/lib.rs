//! The embedded engine: truth store, text index, vectors, snapshots, recovery.
