//! Whether the values of a mapping can be read as it says.

use super::dates::DateFormat;
use super::plan::date_format;
use document::{Cause, Failure, FieldKind, FieldMapping, Leaf, Mapping, TemplateTarget};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Makes sure that the formats of dates in a mapping are formats, and that what stands for null can be read.
///
/// # Errors
/// The first that is none, as Elasticsearch says of a mapping as a whole.
pub(crate) fn check_dates(mapping: &Mapping) -> Result<(), Failure> {
    dates(mapping).map_err(|failure| {
        let reason = format!("Failed to parse mapping: {}", failure.reason);
        Failure::new(Cause::MapperParsing, reason).caused_by(failure)
    })
}

fn dates(mapping: &Mapping) -> Result<(), Failure> {
    for leaf in mapping.leaves() {
        check_leaf(&leaf)?;
    }
    let detected = mapping.top.get("dynamic_date_formats");
    let detected = detected.and_then(|formats| formats.0.as_array());
    for format in detected.into_iter().flatten().filter_map(Value::as_str) {
        DateFormat::parse(format)?;
    }
    let templates = mapping.templates.iter().flatten();
    for target in templates.flat_map(|template| template.targets.values()) {
        if let TemplateTarget::Field(field) = target {
            check_format("__dynamic__template", field)?;
        }
    }
    Ok(())
}

fn check_format(path: &str, field: &FieldMapping) -> Result<(), Failure> {
    match (&field.kind, &field.options.format) {
        (FieldKind::Date, Some(format)) => parse(path, format),
        _ => Ok(()),
    }
}

fn parse(path: &str, format: &str) -> Result<(), Failure> {
    let name = path.rsplit('.').next().unwrap_or(path);
    DateFormat::parse(format).map(drop).map_err(|failure| {
        let reason = format!(
            "Error parsing [format] on field [{name}]: {}",
            failure.reason
        );
        Failure::illegal_argument(reason).caused_by(failure)
    })
}

fn check_leaf(leaf: &Leaf) -> Result<(), Failure> {
    if leaf.kind != FieldKind::Date {
        return Ok(());
    }
    if let Some(format) = &leaf.options.format {
        parse(&leaf.path, format)?;
    }
    let null = match leaf.options.null_value.as_ref().map(|null| &null.0) {
        None => return Ok(()),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let read = date_format(leaf).read(&null, &TimeZone::UTC, false);
    read.map(drop).map_err(|failure| {
        let name = leaf.path.rsplit('.').next().unwrap_or(&leaf.path);
        let reason = format!(
            "Error parsing [null_value] on field [{name}]: {}",
            failure.reason
        );
        Failure::new(Cause::MapperParsing, reason).caused_by(failure)
    })
}
