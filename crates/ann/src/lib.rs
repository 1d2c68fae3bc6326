//! A vector index over slots: row store, slot allocation and exact scan.
