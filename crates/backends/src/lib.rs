//! The Backend trait: the embedded engine, and another process that holds the folder.
