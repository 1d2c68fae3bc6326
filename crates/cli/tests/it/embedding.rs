//! Embeddings, by networks that the tests make.

use crate::pictures::{plain, save};
use crate::program::{Home, Running, bare, text};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// What `model.toml` says of a network whose input has a height and a width.
pub(crate) fn config(name: &str, size: [u32; 2]) -> String {
    format!(
        "name = \"{name}\"\nkind = \"image\"\nweights = \"model.onnx\"\n\
         [input]\nname = \"picture\"\nlayout = \"nchw\"\nsize = {size:?}\ncolors = \"rgb\"\nresize = \"squash\"\n\
         filter = \"bicubic\"\ndecode = \"full\"\nscale = 0.00392156862745098\nmean = [0.0, 0.0, 0.0]\n\
         std = [1.0, 1.0, 1.0]\n[output]\nembedding = \"embedding\"\nnormalize = \"l2\"\n"
    )
}

/// Writes a network whose embedding is the picture's mean colour, or all the numbers of its input.
fn make_model(folder: &Path, name: &str, size: [u32; 2], operators: &[&str]) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("model.toml"), config(name, size)).unwrap();
    fs::write(folder.join("model.onnx"), onnx(size, operators)).unwrap();
}

const MEAN: &[&str] = &["GlobalAveragePool", "Flatten"];
const ALL: &[&str] = &["Flatten"];

/// A network of operators one after the other, as ONNX writes it (onnx.proto, version 1.10): protocol buffers by hand.
fn onnx([height, width]: [u32; 2], operators: &[&str]) -> Vec<u8> {
    let names: Vec<String> = (0..=operators.len())
        .map(|at| match at {
            0 => "picture".to_owned(),
            at if at == operators.len() => "embedding".to_owned(),
            at => format!("between{at}"),
        })
        .collect();
    let mut graph = Vec::new();
    for (operator, ends) in operators.iter().zip(names.windows(2)) {
        let node = [
            field(1, ends[0].as_bytes()),
            field(2, ends[1].as_bytes()),
            field(3, operator.to_lowercase().as_bytes()),
            field(4, operator.as_bytes()),
        ];
        graph.extend(field(1, &node.concat()));
    }
    graph.extend(field(2, b"graph"));
    let dims = [1, 3, u64::from(height), u64::from(width)];
    let shape: Vec<u8> = dims
        .iter()
        .flat_map(|dim| field(1, &number(1, *dim)))
        .collect();
    let tensor = |shape: &[u8]| field(1, &[number(1, 1), field(2, shape)].concat());
    let value =
        |name: &str, shape: &[u8]| [field(1, name.as_bytes()), field(2, &tensor(shape))].concat();
    graph.extend(field(11, &value("picture", &shape)));
    for name in &names[1..] {
        graph.extend(field(12, &value(name, &[])));
    }
    let operator_set = [field(1, b""), number(2, 13)].concat();
    [number(1, 8), field(7, &graph), field(8, &operator_set)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(tag: u64, value: u64) -> Vec<u8> {
    [varint(tag << 3), varint(value)].concat()
}

fn field(tag: u64, bytes: &[u8]) -> Vec<u8> {
    [
        varint(tag << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

const COLORS: [(&str, [u8; 3]); 3] = [
    ("red", [220, 20, 20]),
    ("green", [20, 200, 20]),
    ("blue", [20, 20, 220]),
];

/// Indexes without a word about networks.
fn usual(home: &Home) -> [u64; 5] {
    home.run(&home.usual_args()).indexed().counts()
}

/// Two pictures of each colour.
fn colors() -> Home {
    let home = Home::new();
    for (at, (name, color)) in (0..).zip(COLORS) {
        for seed in 0..2 {
            let path = home.pictures().join(name).join(format!("{seed}.png"));
            save(&path, &plain(color, 10 * at + seed));
        }
    }
    home
}

fn model(home: &Home, name: &str, operators: &[&str]) -> PathBuf {
    let folder = home.path("models").join(name);
    make_model(&folder, name, [4, 4], operators);
    folder
}

/// The number of embeddings that the index has.
fn embeddings(home: &Home) -> u64 {
    let report = home.run(&["check", "--json"]).json();
    assert_eq!(report["ok"], true, "{report}");
    let vectors = &report["counts"]["pictures"]["vectors"];
    vectors["image.embedding"].as_u64().unwrap_or_default()
}

/// The folders of the pictures that resemble a red one, best first, and what matched.
fn like_red(home: &Home, flags: &[&str]) -> (Vec<String>, serde_json::Value) {
    let image = home.path("query.png");
    save(&image, &plain([200, 30, 30], 99));
    let image = image.to_str().unwrap();
    let ran = home.run(&[&["search", "--image", image, "--json"], flags].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let hits = ran.json();
    let folder = |hit: &serde_json::Value| {
        let path = PathBuf::from(text(&hit["path"]));
        path.parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    let folders = hits.as_array().unwrap().iter().map(folder).collect();
    (folders, hits[0]["matched"].clone())
}

#[test]
fn a_network_makes_embeddings_that_searches_compare() {
    let home = colors();
    let model = model(&home, "mean", MEAN);
    home.index_with(&["--model".as_ref(), model.as_os_str()]);
    assert_eq!(embeddings(&home), 6);
    let (folders, matched) = like_red(&home, &[]);
    assert_eq!(folders[..2], ["red", "red"]);
    assert_eq!(matched, json!(["embedding", "looks"]));
    let (alone, matched) = like_red(&home, &["--feature", "embedding"]);
    assert_eq!(
        (&alone[..2], matched),
        (&folders[..2], json!(["embedding"]))
    );
    assert_eq!(like_red(&home, &["--feature", "shape"]).1, json!(["shape"]));
    // Nothing is new when it is run again, with the model or without it.
    assert_eq!(
        home.index_with(&["--model".as_ref(), model.as_os_str()])
            .counts(),
        [0, 6, 0, 0, 0]
    );
    assert_eq!(usual(&home), [0, 6, 0, 0, 0]);
    assert_eq!(home.index().counts(), [0, 6, 0, 0, 0]);
}

#[test]
fn words_find_what_a_network_says_that_pictures_show() {
    let home = colors();
    // The mean colour stands for itself, and for logits of labels.
    let model = model(&home, "told", &["GlobalAveragePool", "Flatten", "Relu"]);
    let told = config("told", [4, 4])
        + "tags = \"between2\"\nlabels = \"labels.txt\"\ntag_values = \"logits\"\ntemperature = 0.1\n";
    fs::write(model.join("model.toml"), told).unwrap();
    fs::write(model.join("labels.txt"), "crimson\nemerald\nazure\n").unwrap();
    home.index_with(&["--model".as_ref(), model.as_os_str()]);
    let found = |words: &[&str]| {
        let hits = home.run(&[&["search", "--json"], words].concat()).json();
        let hit = |hit: &serde_json::Value| {
            let folder = Path::new(&text(&hit["path"])).parent().unwrap().to_owned();
            let folder = folder.file_name().unwrap().to_str().unwrap().to_owned();
            (folder, hit["matched"].clone())
        };
        hits.as_array().unwrap().iter().map(hit).collect::<Vec<_>>()
    };
    let red = ("red".to_owned(), json!(["tag crimson"]));
    let blue = ("blue".to_owned(), json!(["tag azure"]));
    assert_eq!(found(&["Crimson"]), [red.clone(), red.clone()]);
    let both = found(&["crimson", "azure"]);
    assert_eq!(both.len(), 4);
    assert!(both.contains(&red) && both.contains(&blue), "{both:?}");
    let tagged = home.run(&["search", "--filter", "image.tags:emerald", "--paths"]);
    assert_eq!(tagged.text().lines().count(), 2);
    assert_eq!(home.run(&["search", "turquoise"]).code, Some(1));
}

#[test]
fn pictures_that_are_known_without_a_network_get_embeddings_when_one_is_given() {
    let home = colors();
    let first = home.index();
    assert_eq!(embeddings(&home), 0);
    let model = model(&home, "mean", MEAN);
    let second = home.index_with(&["--model".as_ref(), model.as_os_str()]);
    assert_eq!(second.events, first.events);
    assert_eq!(embeddings(&home), 6);
    // From here on the index knows its model: the folder that it came from is not needed any more.
    fs::remove_dir_all(home.path("models")).unwrap();
    save(
        &home.pictures().join("red/new.png"),
        &plain([220, 20, 20], 77),
    );
    assert_eq!(usual(&home), [1, 6, 0, 0, 0]);
    assert_eq!(embeddings(&home), 7);
    assert_eq!(like_red(&home, &[]).0[..3], ["red", "red", "red"]);
}

#[test]
fn the_built_in_network_is_what_nobody_has_to_name() {
    let home = colors();
    assert_eq!(usual(&home), [6, 0, 0, 0, 0]);
    assert_eq!(embeddings(&home), 6);
    let (folders, matched) = like_red(&home, &[]);
    assert_eq!((folders.len(), matched), (6, json!(["embedding", "looks"])));
    // It lies in the data folder too, so that a program with another one goes on with this.
    let kept = home.data().join("models");
    let names: Vec<_> = kept
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 1);
    assert!(
        names[0].to_str().unwrap().starts_with("eidetic_mini-"),
        "{names:?}"
    );
    let ran = bare(&["eval", "--json"])
        .arg(home.pictures())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["features"][0]["feature"], "embedding");
}

#[test]
fn a_moved_and_a_copied_picture_keep_their_embeddings() {
    let home = colors();
    let model = model(&home, "mean", MEAN);
    home.index_with(&["--model".as_ref(), model.as_os_str()]);
    let red = home.pictures().join("red");
    fs::rename(red.join("0.png"), red.join("moved.png")).unwrap();
    fs::copy(red.join("1.png"), red.join("copied.png")).unwrap();
    assert_eq!(usual(&home), [1, 5, 1, 0, 0]);
    assert_eq!(embeddings(&home), 7);
    assert_eq!(like_red(&home, &[]).0[..3], ["red", "red", "red"]);
}

#[test]
fn another_network_than_the_index_has_is_refused() {
    let home = colors();
    let mean = model(&home, "mean", MEAN);
    home.index_with(&["--model".as_ref(), mean.as_os_str()]);
    // Other dims; and the same dims, but made otherwise.
    let all = model(&home, "all", ALL);
    let other = model(&home, "other", MEAN);
    make_model(&other, "other", [8, 8], MEAN);
    for (model, name) in [(&all, "all"), (&other, "other")] {
        let ran = home.run(&home.index_args(&["--model".as_ref(), model.as_os_str()]));
        ran.refused(&["image.embedding"]);
        assert!(
            ran.err.contains("mean") && ran.err.contains(name) || ran.err.contains("dims"),
            "{}",
            ran.err
        );
    }
    assert_eq!(embeddings(&home), 6);
    // An index of its own may have it.
    let flags = [
        "--index".as_ref(),
        "second".as_ref(),
        "--model".as_ref(),
        all.as_os_str(),
    ];
    assert_eq!(home.index_with(&flags).counts(), [6, 0, 0, 0, 0]);
    assert_eq!(
        like_red(&home, &["--index", "second"]).0[..2],
        ["red", "red"]
    );
}

#[test]
fn a_data_folder_that_lost_its_model_says_which() {
    let home = colors();
    let model = model(&home, "mean", MEAN);
    home.index_with(&["--model".as_ref(), model.as_os_str()]);
    fs::remove_dir_all(home.data().join("models")).unwrap();
    let image = home.pictures().join("red/0.png");
    let image = image.to_str().unwrap();
    home.run(&["search", "--image", image])
        .refused(&["mean", "--model"]);
    home.run(&home.usual_args()).refused(&["mean", "--model"]);
    // What needs no network goes on.
    assert_eq!(home.run(&["search", "red"]).code, Some(0));
    assert_eq!(
        home.run(&["search", "--image", image, "--feature", "color"])
            .code,
        Some(0)
    );
    // And naming the folder brings it back.
    home.index_with(&["--model".as_ref(), model.as_os_str()]);
    assert_eq!(home.run(&["search", "--image", image]).code, Some(0));
}

#[test]
fn eval_measures_embeddings_too() {
    let home = colors();
    let model = model(&home, "mean", MEAN);
    let mut command = bare(&["eval", "--json"]);
    command.arg(home.pictures()).arg("--model").arg(model);
    let ran = Running::start(command).end();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report = ran.json();
    let names: Vec<&serde_json::Value> = report["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| &feature["feature"])
        .collect();
    let expected = ["embedding", "looks", "color", "texture", "shape", "auto"];
    assert_eq!(names, expected);
    assert_eq!(report["features"][0]["map"], 1.0);
}
