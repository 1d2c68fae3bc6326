//! The source of a picture's document.

use super::Place;
use super::names::shown;
use serde_json::{Map, Value, json};
use vision::{Camera, Features, Tag, color_name};

/// Writes a picture's source: where it is, and what was seen in it.
pub(crate) fn source_json(place: &Place, sha256: &str, bytes: u64, features: &Features) -> Value {
    let metadata = &features.metadata;
    let words = &metadata.words;
    let mut image = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            image.insert(name.to_owned(), value);
        }
    };
    put("width", Some(json!(features.width)));
    put("height", Some(json!(features.height)));
    put("format", features.format.map(|format| json!(format.name())));
    put("animated", Some(json!(features.animated)));
    put("bytes", Some(json!(bytes)));
    put("sha256", Some(json!(sha256)));
    if let Some(hashes) = features.hashes {
        for (name, hash) in [
            ("ahash", hashes.ahash),
            ("dhash", hashes.dhash),
            ("phash", hashes.phash),
        ] {
            put(name, Some(json!(format!("{hash:016x}"))));
        }
    }
    put(
        "taken",
        Some(json!(metadata.taken.as_ref().unwrap_or(&place.modified))),
    );
    put("camera", camera_name(&metadata.camera).map(Value::from));
    put(
        "location",
        metadata
            .location
            .map(|at| json!({"lat": at.latitude, "lon": at.longitude})),
    );
    put("title", words.title.as_ref().map(|title| json!(title)));
    put(
        "caption",
        words.caption.as_ref().map(|caption| json!(caption)),
    );
    put(
        "keywords",
        (!words.keywords.is_empty()).then(|| json!(words.keywords)),
    );
    let tags = &features.tags;
    put(
        "tags",
        (!tags.is_empty()).then(|| tags.iter().map(|tag| json!(tag.name)).collect()),
    );
    put(
        "confidence",
        (!tags.is_empty()).then(|| {
            let confidence = |tag: &Tag| (tag.name.clone(), json!(shortened(tag.confidence)));
            Value::Object(tags.iter().map(confidence).collect())
        }),
    );
    put("rating", words.rating.map(|rating| json!(rating)));
    put(
        "colors",
        (!features.colors.is_empty()).then(|| colors(features)),
    );
    put("exif", exif(features));
    let mut source = json!({ "path": "", "file": {}, "image": image });
    place_into(&mut source, place);
    source
}

/// Puts another place into a picture's source, for a file that was moved or copied.
pub(crate) fn with_place(mut source: Value, place: &Place) -> Value {
    // A date that came from the old file's time of change follows the new one's.
    let dated_by_file = source.pointer("/image/taken") == source.pointer("/file/modified");
    place_into(&mut source, place);
    if dated_by_file && let Some(taken) = source.pointer_mut("/image/taken") {
        *taken = json!(place.modified);
    }
    source
}

fn place_into(source: &mut Value, place: &Place) {
    let mut file = json!({
        "name": place.name(),
        "folders": place.folders(),
        "root": shown(&place.root),
        "modified": place.modified,
    });
    if let Some(raw) = place.raw_path() {
        file["raw_path"] = json!(raw);
    }
    source["path"] = json!(shown(&place.path));
    source["file"] = file;
}

/// Maker and model, without the maker twice: `Canon EOS R6`.
fn camera_name(camera: &Camera) -> Option<String> {
    match (&camera.make, &camera.model) {
        (Some(make), Some(model)) if !model.starts_with(make.as_str()) => {
            Some(format!("{make} {model}"))
        }
        (_, Some(model)) => Some(model.clone()),
        (Some(make), None) => Some(make.clone()),
        (None, None) => None,
    }
}

fn colors(features: &Features) -> Value {
    let color = |color: &vision::DominantColor| {
        let [red, green, blue] = color.rgb;
        json!({
            "hex": format!("#{red:02x}{green:02x}{blue:02x}"),
            "name": color_name(color.rgb),
            "share": shortened(color.share),
        })
    };
    features.colors.iter().map(color).collect()
}

/// Three digits say all that a share of a small picture or a network's confidence can.
fn shortened(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 1000.0
}

fn exif(features: &Features) -> Option<Value> {
    let camera = &features.metadata.camera;
    let mut exif = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            exif.insert(name.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    put("make", text(&camera.make));
    put("model", text(&camera.model));
    put("lens", text(&camera.lens));
    put("software", text(&camera.software));
    put("artist", text(&camera.artist));
    put("copyright", text(&camera.copyright));
    let orientation = features.metadata.orientation;
    put("orientation", (orientation > 1).then(|| json!(orientation)));
    put("iso", camera.iso.map(|iso| json!(iso)));
    put("f_number", camera.f_number.map(|number| json!(number)));
    put(
        "exposure_time_s",
        camera.exposure_time_s.map(|time| json!(time)),
    );
    put(
        "focal_length_mm",
        camera.focal_length_mm.map(|length| json!(length)),
    );
    let altitude = features
        .metadata
        .location
        .and_then(|location| location.altitude_m);
    put("altitude_m", altitude.map(|altitude| json!(altitude)));
    (!exif.is_empty()).then_some(Value::Object(exif))
}
