//! XMP (ISO 16684-1): title, description, subject and rating out of a packet of RDF.

use super::text::{clean, keywords};
use crate::features::Words;
use roxmltree::{Document, Node, ParsingOptions};

/// Longest packet that is parsed.
const MAX_BYTES: usize = 4 << 20;
/// Nodes after which a packet is given up.
const MAX_NODES: u32 = 50_000;
/// Elements inside one another that a packet may have: the parser and the tree are walked by recursion.
const MAX_DEPTH: usize = 200;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Reads a packet of UTF-8; one that is malformed, too long or has a document type says nothing.
pub(super) fn read(packet: &[u8]) -> Words {
    if packet.len() > MAX_BYTES || too_deep(packet) {
        return Words::default();
    }
    let Ok(text) = str::from_utf8(packet) else {
        return Words::default();
    };
    let text = text.trim_matches(|c: char| matches!(c, '\0' | '\u{FEFF}') || c.is_whitespace());
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    match Document::parse_with_options(text, options) {
        Ok(document) => words(&document),
        Err(_) => Words::default(),
    }
}

/// Whether elements may lie too deep, told by tags alone and from above.
fn too_deep(packet: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for pair in packet.windows(2) {
        match pair {
            b"</" | b"/>" => depth = depth.saturating_sub(1),
            [b'<', next] if !matches!(next, b'?' | b'!') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    deepest > MAX_DEPTH
}

fn words(document: &Document<'_>) -> Words {
    let rating = values(document, XMP, "Rating")
        .into_iter()
        .find_map(|value| value.trim().parse::<f64>().ok())
        .filter(|stars| (-1.0..=5.0).contains(stars));
    let first = |name| {
        let all = values(document, DC, name);
        all.iter().find_map(|value| clean(value))
    };
    Words {
        title: first("title"),
        caption: first("description"),
        keywords: keywords(values(document, DC, "subject").into_iter()),
        rating,
    }
}

/// The values of a property, of whichever description has it: an attribute, text, or the items of an array. Of
/// alternatives the default language comes first.
fn values(document: &Document<'_>, namespace: &str, name: &str) -> Vec<String> {
    let descriptions = document
        .descendants()
        .filter(|node| node.has_tag_name((RDF, "Description")));
    let mut found = Vec::new();
    for description in descriptions {
        if let Some(value) = description.attribute((namespace, name)) {
            found.push(value.to_owned());
        }
        let elements = description
            .children()
            .filter(|child| child.has_tag_name((namespace, name)));
        for element in elements {
            found.extend(items(element));
        }
    }
    found
}

fn items(property: Node<'_, '_>) -> Vec<String> {
    let mut items: Vec<Node<'_, '_>> = property
        .children()
        .filter(|child| {
            ["Alt", "Bag", "Seq"]
                .iter()
                .any(|array| child.has_tag_name((RDF, *array)))
        })
        .flat_map(|array| array.children())
        .filter(|child| child.has_tag_name((RDF, "li")))
        .collect();
    if items.is_empty() {
        items.push(property);
    }
    let is_default = |item: &Node<'_, '_>| item.attribute((XML, "lang")) == Some("x-default");
    items.sort_by_key(|item| !is_default(item));
    items
        .iter()
        .filter_map(|item| item.text().map(str::to_owned))
        .collect()
}
