//! Aggregations beside recorded answers of Elasticsearch, and beside counting by hand.

mod asked;
mod counted;
mod recorded;
mod rendered;
mod shelf;
