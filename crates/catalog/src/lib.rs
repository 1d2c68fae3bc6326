//! Pictures as documents: indexing folders, picture queries, originals and thumbnails.
