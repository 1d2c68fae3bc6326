//! The formats that Elasticsearch has names for, as patterns.

use super::pattern::{self, Item};

/// Answers the items of a named format; none for another name.
pub(super) fn items(name: &str) -> Option<Vec<Item>> {
    let (strict, plain) = match name.strip_prefix("strict_") {
        Some(plain) => (true, plain),
        None => (false, name),
    };
    // Without separators nothing says where a short number would end.
    let lenient = !strict && !plain.starts_with("basic_");
    let pattern = pattern_of(plain)?;
    // These have no strict twin.
    let only_plain = matches!(plain, "iso8601" | "epoch_millis" | "epoch_second")
        || (plain.starts_with("basic_") && !plain.contains("week"));
    if strict && only_plain {
        return None;
    }
    pattern::parse(&pattern, lenient && plain != "iso8601", true).ok()
}

fn pattern_of(name: &str) -> Option<String> {
    const DATE: &str = "uuuu-MM-dd";
    const TIME: &str = "HH:mm:ss";
    const WEEK: &str = "YYYY-'W'ww-e";
    Some(match name {
        "date_optional_time" | "date_optional_time_nanos" | "iso8601" => {
            "uuuu[-MM[-dd]]['T'[HH[:mm[:ssf]]][O]]".to_owned()
        }
        "basic_date" => "uuuuMMdd".to_owned(),
        "basic_date_time" => "uuuuMMdd'T'HHmmss.SSSO".to_owned(),
        "basic_date_time_no_millis" => "uuuuMMdd'T'HHmmssO".to_owned(),
        "basic_ordinal_date" => "uuuuDDD".to_owned(),
        "basic_ordinal_date_time" => "uuuuDDD'T'HHmmss.SSSO".to_owned(),
        "basic_ordinal_date_time_no_millis" => "uuuuDDD'T'HHmmssO".to_owned(),
        "basic_time" => "HHmmss.SSSO".to_owned(),
        "basic_time_no_millis" => "HHmmssO".to_owned(),
        "basic_t_time" => "'T'HHmmss.SSSO".to_owned(),
        "basic_t_time_no_millis" => "'T'HHmmssO".to_owned(),
        "basic_week_date" => "YYYY'W'wwe".to_owned(),
        "basic_week_date_time" => "YYYY'W'wwe'T'HHmmss.SSSO".to_owned(),
        "basic_week_date_time_no_millis" => "YYYY'W'wwe'T'HHmmssO".to_owned(),
        "date" | "year_month_day" => DATE.to_owned(),
        "date_hour" => format!("{DATE}'T'HH"),
        "date_hour_minute" => format!("{DATE}'T'HH:mm"),
        "date_hour_minute_second" => format!("{DATE}'T'{TIME}"),
        "date_hour_minute_second_fraction" => format!("{DATE}'T'{TIME}f"),
        "date_hour_minute_second_millis" => format!("{DATE}'T'{TIME}.SSS"),
        "date_time" => format!("{DATE}'T'{TIME}fO"),
        "date_time_no_millis" => format!("{DATE}'T'{TIME}O"),
        "hour" => "HH".to_owned(),
        "hour_minute" => "HH:mm".to_owned(),
        "hour_minute_second" => TIME.to_owned(),
        "hour_minute_second_fraction" => format!("{TIME}f"),
        "hour_minute_second_millis" => format!("{TIME}.SSS"),
        "ordinal_date" => "uuuu-DDD".to_owned(),
        "ordinal_date_time" => format!("uuuu-DDD'T'{TIME}fO"),
        "ordinal_date_time_no_millis" => format!("uuuu-DDD'T'{TIME}O"),
        "time" => format!("{TIME}fO"),
        "time_no_millis" => format!("{TIME}O"),
        "t_time" => format!("'T'{TIME}fO"),
        "t_time_no_millis" => format!("'T'{TIME}O"),
        "week_date" | "weekyear_week_day" => WEEK.to_owned(),
        "week_date_time" => format!("{WEEK}'T'{TIME}fO"),
        "week_date_time_no_millis" => format!("{WEEK}'T'{TIME}O"),
        "weekyear" => "YYYY".to_owned(),
        "weekyear_week" => "YYYY-'W'ww".to_owned(),
        "year" => "uuuu".to_owned(),
        "year_month" => "uuuu-MM".to_owned(),
        _ => return None,
    })
}
