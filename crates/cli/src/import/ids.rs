//! The ids of documents that rows become.

use anyhow::anyhow;
use archives::{IdReader, Name, Reader};
use std::collections::HashMap;
use std::path::Path;

/// Where ids come from; importing the same archive again meets the same documents.
pub(super) enum Ids {
    /// A file with an id for each row.
    File(IdReader),
    /// The names of the rows.
    Names(Names),
    /// The numbers of the rows, from 0.
    Rows,
}

impl Ids {
    /// Opens the file of ids, where there is one, and checks it.
    pub(super) fn open(file: Option<&Path>, archive: &dyn Reader) -> archives::Result<Self> {
        Ok(match file {
            Some(file) => Self::File(IdReader::open(file, archive.shape().rows)?),
            None if archive.has_names() => Self::Names(Names::default()),
            None => Self::Rows,
        })
    }

    /// The id of the next row. A name that cannot be one gets an id that is not used.
    pub(super) fn of(&mut self, row: u64, name: Option<&Name>) -> anyhow::Result<String> {
        Ok(match (self, name) {
            (Self::File(ids), _) => ids
                .next_id()?
                .ok_or_else(|| anyhow!("there is no id for row {row}"))?,
            (Self::Names(names), Some(Name::Text(name))) => names.of(name),
            (Self::Names(_) | Self::Rows, _) => row.to_string(),
        })
    }
}

/// Gives out ids: the name, and for names that come again the name with `#2`, `#3`, ….
#[derive(Default)]
pub(super) struct Names {
    /// The ids given out, and the number to try next behind each.
    next: HashMap<String, u64>,
}

impl Names {
    fn of(&mut self, name: &str) -> String {
        let Some(mut number) = self.next.get(name).copied() else {
            self.next.insert(name.to_owned(), 2);
            return name.to_owned();
        };
        let id = loop {
            let id = format!("{name}#{number}");
            number += 1;
            if !self.next.contains_key(&id) {
                break id;
            }
        };
        self.next.insert(name.to_owned(), number);
        self.next.insert(id.clone(), 2);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_that_come_again_get_ids_of_their_own() {
        let names = ["a", "b", "a", "a", "a#2", "a", "a#2", "b#2", "b"];
        let mut ids = Names::default();
        let given: Vec<String> = names.iter().map(|name| ids.of(name)).collect();
        let expected = [
            "a", "b", "a#2", "a#3", "a#2#2", "a#4", "a#2#3", "b#2", "b#3",
        ];
        assert_eq!(given, expected);
    }
}
