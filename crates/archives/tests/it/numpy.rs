//! What is written is opened by NumPy, and what NumPy writes is read.

use crate::made::{Made, read, write};
use archives::Datasets;
use std::path::Path;

fn python(test: &str, script: &str, archive: &Path) -> Option<String> {
    crate::python::run(&format!("numpy::{test}"), &["numpy"], script, archive)
}

#[test]
fn numpy_reads_what_is_written() {
    let vector = |row: usize| {
        (0..37)
            .map(|at| f64::from((row * 37 + at) as f32 / 7.0))
            .collect()
    };
    let rows: Vec<(String, Vec<f64>)> = (0..101).map(|row| (String::new(), vector(row))).collect();
    let reads = [
        ("a.npy", "np.load(a, allow_pickle=False)"),
        ("a.fvecs", "np.fromfile(a, '<f4').reshape(101, 38)[:, 1:]"),
        (
            "a.fbin",
            "np.fromfile(a, '<f4', offset=8).reshape(np.fromfile(a, '<u4', count=2))",
        ),
    ];
    for (name, load) in reads {
        let made = Made::called(name, &[]);
        write(&made.path, &rows, None, &Datasets::default()).unwrap();
        let script = format!(
            "v = {load}\nexpected = np.arange(101 * 37, dtype='f4').reshape(101, 37) / np.float32(7)\n\
             print(v.shape, v.dtype, v.tobytes() == expected.tobytes())"
        );
        let Some(said) = python("numpy_reads_what_is_written", &script, &made.path) else {
            return;
        };
        assert_eq!(said, "(101, 37) float32 True", "{name}");
    }
    let made = Made::called("a.npy", &[]);
    let double = [(String::new(), vec![1.0 / 3.0, 0.1])];
    write(
        &made.path,
        &double,
        archives::Number::F64,
        &Datasets::default(),
    )
    .unwrap();
    let script = "print(np.load(a).tolist(), np.load(a, mmap_mode='r').dtype)";
    let said = python("numpy_reads_what_is_written", script, &made.path).unwrap();
    assert_eq!(said, "[[0.3333333333333333, 0.1]] float64");
}

#[test]
fn what_numpy_writes_is_read() {
    const SCRIPT: &str = r#"
rng = np.random.default_rng(7)
for number, dtype in enumerate(["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "u1", "<i2", ">u2", ">i4", "<u4"]):
    for order in "CF":
        v = np.array(rng.normal(size=(61, 17)) * 50 % 100, order=order).astype(dtype, order=order)
        for version in [(1, 0), (2, 0), (3, 0)]:
            name = "%s.%d.%s.%d.npy" % (a, number, order, version[0])
            with open(name, "wb") as file:
                np.lib.format.write_array(file, v, version=version)
            v.astype("<f8").tofile(name + ".expected")
            print(name)
halves = np.arange(65536, dtype="<u2").view("<f2").reshape(256, 256)
np.save(a + ".halves.npy", halves)
halves.astype("<f8").tofile(a + ".halves.npy.expected")
print(a + ".halves.npy")
"#;
    let made = Made::called("a", &[]);
    let Some(paths) = python("what_numpy_writes_is_read", SCRIPT, &made.path) else {
        return;
    };
    assert_eq!(paths.lines().count(), 73);
    for path in paths.lines() {
        let rows = read(Path::new(path), 10).unwrap_or_else(|error| panic!("{path}: {error}"));
        let expected = std::fs::read(format!("{path}.expected")).unwrap();
        let (expected, _) = expected.as_chunks();
        let expected = expected.iter().copied().map(f64::from_le_bytes);
        let numbers = rows.iter().flat_map(|row| row.vector.iter().copied());
        // What is no number has no one pattern of bits.
        let bits = |number: f64| if number.is_nan() { 1 } else { number.to_bits() };
        assert!(numbers.map(bits).eq(expected.map(bits)), "{path}");
    }
}
