//! HTTP: the product's own API and the page.
