use super::*;
use std::fs;

const CONFIG: &str = r#"
name = "tiny"
kind = "image"
weights = "model.onnx"
[input]
name = "input"
layout = "nchw"
size = [2, 4]
colors = "rgb"
resize = "squash"
filter = "bicubic"
decode = "scaled"
scale = 0.5
mean = [1.0, 2.0, 3.0]
std = [1.0, 2.0, 4.0]
[output]
embedding = "features"
normalize = "l2"
"#;

fn refused(files: &[(&str, &[u8])], parts: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let message = Model::load(folder.path()).unwrap_err().to_string();
    for part in parts {
        assert!(message.contains(part), "{message} does not say {part}");
    }
}

#[test]
fn folders_that_hold_no_network_are_refused_by_the_name_of_the_file() {
    refused(&[], &["model.toml", "No such file"]);
    refused(&[("model.toml", b"name = ")], &["model.toml"]);
    refused(&[("model.toml", &[0xff, 0xfe])], &["model.toml", "UTF-8"]);
    refused(
        &[("model.toml", CONFIG.as_bytes())],
        &["model.onnx", "No such file"],
    );
    let with = |from: &str, to: &str| CONFIG.replace(from, to).into_bytes();
    refused(
        &[("model.toml", &with("\"image\"", "\"sound\""))],
        &["model.toml", "sound"],
    );
    refused(
        &[("model.toml", &with("decode =", "decoed ="))],
        &["decoed"],
    );
    refused(
        &[("model.toml", &with("[2, 4]", "[0, 4]"))],
        &["input.size"],
    );
    refused(&[("model.toml", &with("[2, 4]", "[2, 4000]"))], &["2048"]);
    refused(
        &[("model.toml", &with("std = [1.0", "std = [0.0"))],
        &["std"],
    );
    refused(
        &[("model.toml", &with("model.onnx", "../model.onnx"))],
        &["weights", "../model.onnx"],
    );
    let noise: &[u8] = b"this is no ONNX at all";
    refused(
        &[("model.toml", CONFIG.as_bytes()), ("model.onnx", noise)],
        &["model.onnx", "no ONNX"],
    );
    refused(
        &[("model.toml", CONFIG.as_bytes()), ("model.onnx", b"")],
        &["model.onnx"],
    );
}

#[test]
fn numbers_come_in_the_order_and_scale_that_the_folder_says() {
    let config = Config::parse(CONFIG).unwrap();
    let picture = Rgb::new(4, 2, (0..24).collect()).unwrap();
    let planes = input::tensor(&config.input, &picture);
    // Pixel 1 is 3, 4, 5: (3 / 2 - 1) / 1, (4 / 2 - 2) / 2, (5 / 2 - 3) / 4.
    let at = |c: usize| planes[[0, c, 0, 1]];
    assert_eq!([at(0), at(1), at(2)], [0.5, 0.0, -0.125]);
    let text = CONFIG.replace("nchw", "nhwc").replace("\"rgb\"", "\"bgr\"");
    let pixels = input::tensor(&Config::parse(&text).unwrap().input, &picture);
    let at = |c: usize| pixels[[0, 0, 1, c]];
    assert_eq!([at(0), at(1), at(2)], [1.5, 0.0, -0.375]);
}

#[test]
fn a_crop_covers_the_input_and_takes_its_middle() {
    let config = Config::parse(&CONFIG.replace("squash", "crop")).unwrap();
    let plan = input::plan(&config.input, 100, 10, 1);
    assert_eq!((plan.width, plan.height), (20, 2));
    let turned = input::plan(&config.input, 10, 100, 6);
    assert_eq!((turned.width, turned.height), (2, 20));
    let wide = Rgb::new(6, 1, (0..18).collect()).unwrap();
    let middle = input::crop(wide, (2, 1));
    assert_eq!(middle.pixels(), [6, 7, 8, 9, 10, 11]);
}

#[test]
fn whatever_changes_the_numbers_changes_the_fingerprint() {
    let config = |from: &str, to: &str| Config::parse(&CONFIG.replace(from, to)).unwrap();
    let same = fingerprint(b"weights", &config("", ""));
    assert_eq!(
        same,
        fingerprint(b"weights", &config("name = \"tiny\"", "name = \"other\""))
    );
    assert_ne!(same, fingerprint(b"other", &config("", "")));
    for (from, to) in [
        ("bicubic", "box"),
        ("\"rgb\"", "\"bgr\""),
        ("nchw", "nhwc"),
        ("squash", "crop"),
        ("scale = 0.5", "scale = 0.25"),
        ("\"l2\"", "\"none\""),
        ("[2, 4]", "[4, 4]"),
        ("scaled", "full"),
    ] {
        assert_ne!(
            same,
            fingerprint(b"weights", &config(from, to)),
            "{from} to {to}"
        );
    }
}
