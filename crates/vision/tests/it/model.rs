//! Networks against values worked out by hand or by onnxruntime (`scripts/reference`).

use crate::extractor::test_data;
use crate::synthetic::picture;
use std::fs;
use vision::{Model, ModelError, Rgb, Vocabulary};

const TINY: &[u8] = include_bytes!("../data/tiny.onnx");
const TINY_NHWC: &[u8] = include_bytes!("../data/tiny_nhwc.onnx");

const CONFIG: &str = r#"
name = "tiny"
kind = "image"
weights = "tiny.onnx"
[input]
name = "picture"
layout = "nchw"
size = [4, 4]
colors = "rgb"
resize = "squash"
filter = "bicubic"
decode = "full"
scale = 1.0
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
[output]
embedding = "features"
normalize = "none"
"#;

/// Loads the tiny network with some of its description exchanged.
fn load(edits: &[(&str, &str)], weights: &[u8]) -> Result<Model, ModelError> {
    let mut config = CONFIG.to_owned();
    for (old, new) in edits {
        assert!(config.contains(old), "{old}");
        config = config.replacen(old, new, 1);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.toml"), config).unwrap();
    fs::write(folder.path().join("tiny.onnx"), weights).unwrap();
    fs::write(
        folder.path().join("five.txt"),
        "red\ngreen\nblue\nall\nless\n",
    )
    .unwrap();
    fs::write(folder.path().join("four.txt"), "red\ngreen\nblue\nall\n").unwrap();
    Model::load(folder.path())
}

fn flat(rgb: [u8; 3]) -> Rgb {
    Rgb::new(9, 7, rgb.repeat(63)).unwrap()
}

fn assert_close(got: &[f32], expected: &[f32]) {
    let close = |(got, expected): (&f32, &f32)| (got - expected).abs() < 1e-4;
    assert!(
        got.len() == expected.len() && got.iter().zip(expected).all(close),
        "{got:?}, not {expected:?}"
    );
}

#[test]
fn an_embedding_is_what_the_network_computes() {
    let model = load(&[], TINY).unwrap();
    assert_eq!((model.dims(), model.input_size()), (5, (4, 4)));
    assert!(!model.allows_scaled_decoding());
    let plain = model.see(&flat([10, 20, 40]), 1).unwrap().embedding;
    assert_close(&plain, &[10.0, 20.0, 40.0, 70.0, -30.0]);
    let turned = load(&[("\"rgb\"", "\"bgr\"")], TINY).unwrap();
    let turned = turned.see(&flat([10, 20, 40]), 6).unwrap().embedding;
    assert_close(&turned, &[40.0, 20.0, 10.0, 70.0, 30.0]);
    let last = load(&[("\"nchw\"", "\"nhwc\"")], TINY_NHWC).unwrap();
    let last = last.see(&flat([10, 20, 40]), 1).unwrap().embedding;
    assert_close(&last, &[10.0, 20.0, 40.0, 70.0, -30.0]);
    let scaled = [
        ("scale = 1.0", "scale = 0.1"),
        ("mean = [0.0, 0.0, 0.0]", "mean = [1, 2.5, 3]"),
        ("std = [1.0, 1.0, 1.0]", "std = [0.5, 1.0, 4.0]"),
        ("\"none\"", "\"l2\""),
    ];
    let unit = load(&scaled, TINY)
        .unwrap()
        .see(&flat([20, 30, 110]), 1)
        .unwrap()
        .embedding;
    // The features are 2, 0.5, 2, 4.5, 0; their length is the root of 28.5.
    assert_close(
        &unit,
        &[2.0, 0.5, 2.0, 4.5, 0.0].map(|x: f32| x / 28.5_f32.sqrt()),
    );
}

#[test]
fn a_network_that_does_not_fit_its_description_is_refused_by_name() {
    let refused = |edits: &[(&str, &str)], parts: &[&str]| {
        let message = load(edits, TINY).unwrap_err().to_string();
        for part in parts {
            assert!(message.contains(part), "{message} does not say {part}");
        }
    };
    refused(
        &[("\"picture\"", "\"image\"")],
        &["tiny.onnx", "no input named image", "picture"],
    );
    refused(
        &[("\"features\"", "\"nothing\"")],
        &["no output named nothing", "features", "tags"],
    );
    refused(&[("\"features\"", "\"nan\"")], &["tiny.onnx", "NaN"]);
    refused(
        &[("\"features\"", "\"integers\"")],
        &["no tensor of floats"],
    );
    refused(&[("\"nchw\"", "\"nhwc\"")], &["tiny.onnx"]);
}

const TAGS: &str = "normalize = \"none\"\ntags = \"tags\"\nlabels = \"five.txt\"";

#[test]
fn tags_are_probabilities_of_labels() {
    let none = load(&[], TINY).unwrap();
    assert!(none.labels().is_empty());
    assert!(
        none.see(&flat([1, 2, 4]), 1)
            .unwrap()
            .probabilities
            .is_empty()
    );
    let model = load(&[("normalize = \"none\"", TAGS)], TINY).unwrap();
    assert_eq!(model.labels(), ["red", "green", "blue", "all", "less"]);
    // The network's own softmax over the features 1, 2, 4, 7, -3.
    let exponents = [1.0_f32, 2.0, 4.0, 7.0, -3.0].map(f32::exp);
    let sum: f32 = exponents.iter().sum();
    let seen = model.see(&flat([1, 2, 4]), 1).unwrap();
    assert_close(&seen.probabilities, &exponents.map(|x| x / sum));
    let logits = TAGS.replace(
        "\"tags\"\n",
        "\"features\"\ntag_values = \"logits\"\ntemperature = 2\nfloor = 0.5\n",
    );
    let edits = [
        ("embedding = \"features\"", "embedding = \"zeros\""),
        ("normalize = \"none\"", logits.as_str()),
    ];
    let model = load(&edits, TINY).unwrap();
    let exponents = [1.0_f32, 2.0, 4.0, 7.0, -3.0].map(|x| (x / 2.0).exp());
    let sum: f32 = exponents.iter().sum();
    let seen = model.see(&flat([1, 2, 4]), 1).unwrap();
    assert_close(&seen.probabilities, &exponents.map(|x| x / sum));
    assert_eq!(model.floor(), 0.5);
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    let refused = |from: &str, to: &str, part: &str| {
        let tags = TAGS.replace(from, to);
        let message = load(&[("normalize = \"none\"", &tags)], TINY)
            .unwrap_err()
            .to_string();
        assert!(message.contains(part), "{message} does not say {part}");
    };
    refused(
        "five.txt",
        "four.txt",
        "it has 5 tags, and its labels are 4",
    );
    refused("five.txt", "six.txt", "six.txt");
    refused(
        "five.txt",
        "../five.txt",
        "output.labels is \"../five.txt\"",
    );
    refused("\"tags\"\n", "\"nothing\"\n", "no output named nothing");
    refused(
        "\"five.txt\"",
        "\"five.txt\"\ntemperature = 0",
        "output.temperature is 0",
    );
    refused(
        "\"five.txt\"",
        "\"five.txt\"\nfloor = 1.5",
        "output.floor is 1.5",
    );
}

#[test]
fn a_saved_network_is_the_same() {
    let model = Model::built_in().unwrap();
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    model.save(first.path()).unwrap();
    let copy = Model::load(first.path()).unwrap();
    copy.save(second.path()).unwrap();
    let copy = Model::load(second.path()).unwrap();
    assert_eq!(copy.fingerprint(), model.fingerprint());
    let grey = flat([90, 91, 92]);
    assert_eq!(copy.see(&grey, 1).unwrap(), model.see(&grey, 1).unwrap());
    assert!(model.save(&first.path().join("nowhere")).is_err());
}

#[test]
fn one_network_serves_many_threads() {
    let model = load(&[], TINY).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4_u8 {
            let model = &model;
            scope.spawn(move || {
                for value in 0..20 {
                    let red = thread * 20 + value;
                    let embedding = model.see(&flat([red, 0, 0]), 1).unwrap().embedding;
                    assert!((embedding[0] - f32::from(red)).abs() < 1e-4);
                }
            });
        }
    });
}

#[test]
fn mobilenet_agrees_with_onnxruntime() {
    let folder = test_data().join("models/mobilenet_v2");
    if !folder.is_dir() {
        eprintln!("skipped: mobilenet_agrees_with_onnxruntime: test data not found");
        return;
    }
    agrees(
        &Model::load(&folder).unwrap(),
        [
            include_bytes!("../data/mobilenet_v2_1.bin"),
            include_bytes!("../data/mobilenet_v2_2.bin"),
        ],
    );
}

#[test]
fn the_built_in_network_agrees_with_onnxruntime() {
    let model = Model::built_in().unwrap();
    assert_eq!((model.dims(), model.labels().len()), (256, 1001));
    assert!(Vocabulary::imagenet().fits(model.labels()));
    agrees(
        &model,
        [
            include_bytes!("../data/eidetic-mini_1.bin"),
            include_bytes!("../data/eidetic-mini_2.bin"),
        ],
    );
}

/// Compares with what `scripts/reference/networks.py` wrote of the pictures 1 and 2.
fn agrees(model: &Model, references: [&[u8]; 2]) {
    let (width, height) = model.input_size();
    for (seed, bytes) in (1..).zip(references) {
        let (fours, _) = bytes.as_chunks::<4>();
        let expected: Vec<f32> = fours.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let (embedding, probabilities) = expected.split_at(model.dims());
        let seen = model.see(&picture(seed, width, height), 1).unwrap();
        let products = seen.embedding.iter().zip(embedding);
        let cosine: f64 = products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        assert!(cosine >= 0.99999, "picture {seed}: cosine {cosine}");
        assert_eq!(seen.probabilities.len(), probabilities.len());
        for (got, expected) in seen.probabilities.iter().zip(probabilities) {
            assert!(
                (got - expected).abs() < 1e-3,
                "picture {seed}: {got}, not {expected}"
            );
        }
    }
}
