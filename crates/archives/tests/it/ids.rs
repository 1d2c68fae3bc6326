//! Files of ids: what is written is read again, and what is no id is refused with its line.

use crate::made::Made;
use archives::{IdReader, IdWriter};
use std::fs::{self, File};

fn read(made: &Made, rows: u64) -> Result<Vec<String>, String> {
    let mut reader = IdReader::open(&made.path, rows).map_err(|error| error.to_string())?;
    let mut ids = Vec::new();
    while let Some(id) = reader.next_id().map_err(|error| error.to_string())? {
        ids.push(id);
    }
    Ok(ids)
}

#[test]
fn any_id_without_a_line_end_comes_back() {
    let ids = [
        "plain",
        "with space ",
        " ",
        "é 狗",
        "\"quoted\"",
        "return\rreturn",
        "tab\t",
        "\0",
        "\\n",
        "#2",
        "\u{85}",
    ];
    let made = Made::called("a.ids", &[]);
    let mut writer = IdWriter::create(&made.path, File::create(&made.path).unwrap());
    for id in ids {
        writer.write(id).unwrap();
    }
    writer.finish().unwrap();
    let text = fs::read_to_string(&made.path).unwrap();
    assert!(text.starts_with("plain\nwith space \n"), "{text}");
    assert_eq!(read(&made, ids.len() as u64).unwrap(), ids);
    for id in ["", "two\nlines", "end\r", "\n", &"x".repeat(32_768)] {
        assert!(!IdWriter::holds(id));
        let mut writer = IdWriter::create(&made.path, File::create(&made.path).unwrap());
        writer.write("fits").unwrap();
        let error = writer.write(id).unwrap_err().to_string();
        assert!(
            error.contains("line 2 of ") && error.ends_with("cannot be a line"),
            "{error}"
        );
    }
}

#[test]
fn lines_end_as_any_program_ends_them() {
    for text in ["a\nb\n", "a\nb", "a\r\nb\r\n"] {
        let made = Made::called("a.ids", text.as_bytes());
        assert_eq!(read(&made, 2).unwrap(), ["a", "b"], "{text:?}");
    }
    assert_eq!(read(&Made::called("a.ids", b""), 0).unwrap(), [""; 0]);
}

#[test]
fn what_is_no_id_is_refused_with_its_line() {
    let long = "x".repeat(40_000);
    let refused = [
        ("a\nb\na\n", "line 3 of ", "line 1 has the same"),
        ("a\n\nb\n", "line 2 of ", "it is empty"),
        ("a\n\r\n", "line 2 of ", "it is empty"),
        (long.as_str(), "line 1 of ", "32768 bytes or more"),
        ("a\nb", "a.ids has 2 ids for 3 vectors", ""),
        ("a\nb\nc\nd", "a.ids has 4 ids for 3 vectors", ""),
    ];
    for (text, start, end) in refused {
        let error = read(&Made::called("a.ids", text.as_bytes()), 3).unwrap_err();
        assert!(error.contains(start) && error.contains(end), "{error}");
    }
    let error = read(&Made::called("a.ids", b"a\n\xff\n"), 2).unwrap_err();
    assert!(
        error.contains("no id for row 1") && error.ends_with("it is no UTF-8"),
        "{error}"
    );
}

#[test]
fn a_file_of_ids_that_changes_is_refused() {
    let made = Made::called("a.ids", b"a\nb\n");
    let mut reader = IdReader::open(&made.path, 2).unwrap();
    fs::write(&made.path, "a\nb\nc\n").unwrap();
    let mut last = reader.next_id();
    while let Ok(Some(_)) = last {
        last = reader.next_id();
    }
    let error = last.unwrap_err().to_string();
    assert!(error.ends_with("was changed while it was read"), "{error}");
}
