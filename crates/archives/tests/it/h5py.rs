//! What is written as HDF5 is opened by h5py, and what h5py writes is read.

use crate::made::{Made, as_rows, read, rows, write};
use archives::{Contents, Datasets, Format, Number};
use std::fs::File;
use std::path::Path;

fn python(test: &str, script: &str, archive: &Path) -> Option<String> {
    crate::python::run(
        &format!("h5py::{test}"),
        &["numpy", "h5py"],
        script,
        archive,
    )
}

#[test]
fn h5py_reads_what_is_written() {
    const SCRIPT: &str = r#"
with h5py.File(a, "r") as f:
    v, n = f["dataset_1"], f["dataset_2"]
    rows, dims = v.shape
    i = np.arange(rows * dims).reshape(rows, dims)
    sign = np.where((np.arange(rows)[:, None] + np.arange(dims)) % 2 == 0, 1.0, -1.0)
    assert sorted(f) == ["dataset_1", "dataset_2"]
    assert np.array_equal(v[:], (sign * (i / 7.0)).astype(v.dtype))
    assert list(n[:]) == [b"picture %d%s" % (r, b"x" * (r % 5)) for r in range(rows)]
    print(v.shape, v.dtype, v.chunks, n.shape, n.dtype, n.chunks)
"#;
    for (number, expected) in [
        (Number::F64, "(26, 512) float64 None (26,) |S14 None"),
        (Number::F32, "(26, 512) float32 None (26,) |S14 None"),
    ] {
        let made = Made::written(&rows(26, 512), number);
        let Some(said) = python("h5py_reads_what_is_written", SCRIPT, &made.path) else {
            return;
        };
        assert_eq!(said, expected);
    }
    let datasets = Datasets {
        vectors: Some("vectors".to_owned()),
        names: Some("names of them".to_owned()),
    };
    let made = Made::of(&[]);
    write(
        &made.path,
        &[("é".to_owned(), vec![1.5])],
        Number::F64,
        &datasets,
    )
    .unwrap();
    let script = r#"
with h5py.File(a, "r") as f:
    print(f["vectors"][:].tolist(), f["names of them"].asstr()[:].tolist(), h5py.check_string_dtype(f["names of them"].dtype))
"#;
    let said = python("h5py_reads_what_is_written", script, &made.path).unwrap();
    assert_eq!(
        said,
        "[[1.5]] ['é'] string_info(encoding='utf-8', length=2)"
    );
    let none = Made::written(&[], Number::F64);
    let script = "print([h5py.File(a, 'r')[d].shape for d in ('dataset_1', 'dataset_2')])";
    let said = python("h5py_reads_what_is_written", script, &none.path).unwrap();
    assert_eq!(said, "[(0, 3), (0,)]");
}

#[test]
fn what_h5py_writes_is_read() {
    const VECTORS: &str = r#"
rows, dims = 26, 5
i = np.arange(rows * dims).reshape(rows, dims)
sign = np.where((np.arange(rows)[:, None] + np.arange(dims)) % 2 == 0, 1.0, -1.0)
v = sign * (i / 7.0)
names = ["picture %d%s" % (r, "x" * (r % 5)) for r in range(rows)]
s = np.array([n.encode() for n in names])
text = h5py.string_dtype()
"#;
    let expected = as_rows(&rows(26, 5));
    const WRITES: &str = r#"
writes = [
    lambda f: (f.create_dataset("dataset_1", data=v), f.create_dataset("dataset_2", data=s)),
    lambda f: (f.create_dataset("dataset_1", data=v.astype(">f8")), f.create_dataset("dataset_2", data=names, dtype=text)),
    lambda f: (f.create_dataset("dataset_1", data=v, chunks=(7, 2), compression="gzip", shuffle=True),
               f.create_dataset("dataset_2", data=s, chunks=(4,), compression="gzip")),
    lambda f: (f.create_dataset("dataset_1", data=v, maxshape=(None, 5), fletcher32=True),
               f.create_dataset("dataset_2", data=s.reshape(-1, 1))),
    lambda f: (f.create_dataset("dataset_1", data=v, chunks=True, compression="lzf"), f.create_dataset("dataset_2", data=s)),
]
for version in ["earliest", ("v108", "v108"), ("v110", "v110"), ("v112", "v112")]:
    for number, write in enumerate(writes):
        path = "%s.%s.%d" % (a, version if isinstance(version, str) else version[0], number)
        with h5py.File(path, "w", libver=version) as f:
            write(f)
        print(path)
"#;
    let made = Made::of(&[]);
    let script = format!("{VECTORS}{WRITES}");
    let Some(paths) = python("what_h5py_writes_is_read", &script, &made.path) else {
        return;
    };
    assert_eq!(paths.lines().count(), 20);
    for path in paths.lines() {
        let rows = read(Path::new(path), 7).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(rows, expected, "{path}");
    }
}

#[test]
fn floats_of_16_bits_are_read_and_other_floats_of_two_bytes_are_not() {
    const SCRIPT: &str = r#"
halves = np.arange(65536, dtype="<u2").view("<f2").reshape(256, 256)
halves.astype("<f8").tofile(a + ".expected")
for name, more in [("<f2", {}), (">f2", {"chunks": (100, 7), "compression": "gzip", "shuffle": True})]:
    with h5py.File(a + name + ".h5", "w") as f:
        f.create_dataset("train", data=halves.astype(name), **more)
    print(a + name + ".h5")
with h5py.File(a, "w") as f:
    brain = h5py.h5t.IEEE_F16LE.copy()
    brain.set_fields(15, 7, 8, 0, 7)
    brain.set_ebias(127)
    h5py.h5d.create(f.id, b"train", brain, h5py.h5s.create_simple((2, 2)))
"#;
    let name = "floats_of_16_bits_are_read_and_other_floats_of_two_bytes_are_not";
    let made = Made::of(&[]);
    let Some(paths) = python(name, SCRIPT, &made.path) else {
        return;
    };
    let expected = std::fs::read(format!("{}.expected", made.path.display())).unwrap();
    let (expected, _) = expected.as_chunks();
    // What is no number has no one pattern of bits.
    let bits = |number: f64| {
        if number.is_nan() { 1 } else { number.to_bits() }
    };
    for path in paths.lines() {
        let rows = read(Path::new(path), 30).unwrap();
        let numbers = rows.iter().flat_map(|row| row.vector.iter().copied());
        let expected = expected.iter().copied().map(f64::from_le_bytes);
        assert!(numbers.map(bits).eq(expected.map(bits)), "{path}");
    }
    let said = made.refused();
    assert!(
        said.contains("train") && said.contains("expected floats of 16, 32 or 64 bits"),
        "{said}"
    );
}

#[test]
fn distances_are_read_and_written() {
    const SCRIPT: &str = r#"
for number, distance in enumerate(["angular", np.bytes_(b"angular"), 7, None]):
    with h5py.File("%s.%d.h5" % (a, number), "w") as f:
        f["train"] = np.ones((2, 3), "f4")
        f.attrs["dimension"] = 3
        if distance is not None:
            f.attrs["distance"] = distance
with h5py.File(a, "r") as f:
    print(f.attrs["distance"], dict(f.attrs).keys(), f["dataset_1"][:].tolist(), f["dataset_2"][:].tolist())
"#;
    let made = Made::of(&[]);
    let contents = Contents {
        dims: 2,
        number: None,
        distance: Some("euclidean"),
    };
    let (format, datasets) = (Format::of_name(&made.path).unwrap(), Datasets::default());
    let file = File::create(&made.path).unwrap();
    let mut writer = archives::create(format, &made.path, file, contents, &datasets).unwrap();
    writer.write("a", &[1.5, -2.0]).unwrap();
    writer.finish().unwrap();
    let distance = |path: &Path| {
        let reader = archives::open(path, None, &datasets).unwrap();
        reader.distance().map(str::to_owned)
    };
    assert_eq!(distance(&made.path).as_deref(), Some("euclidean"));
    assert_eq!(made.read().unwrap()[0].vector, [1.5, -2.0]);
    let Some(said) = python("distances_are_read_and_written", SCRIPT, &made.path) else {
        return;
    };
    assert_eq!(
        said,
        "b'euclidean' dict_keys(['distance']) [[1.5, -2.0]] [b'a']"
    );
    for (number, expected) in [Some("angular"), Some("angular"), None, None]
        .into_iter()
        .enumerate()
    {
        let path = format!("{}.{number}.h5", made.path.display());
        assert_eq!(distance(Path::new(&path)).as_deref(), expected);
    }
}
