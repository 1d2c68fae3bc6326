use super::*;

const DAY: i64 = 86_400_000;

fn format(text: &str) -> DateFormat {
    DateFormat::parse(text).unwrap_or_else(|failure| panic!("{text}: {failure}"))
}

fn read(form: &str, text: &str) -> Option<i64> {
    format(form).read(text, &TimeZone::UTC, false).ok()
}

#[test]
fn the_default_format_reads_what_elasticsearch_reads() {
    let form = DateFormat::default();
    let read = |text: &str, round_up| form.read(text, &TimeZone::UTC, round_up).ok();
    let check = |text: &str, (first, last): (i64, i64)| {
        assert_eq!(read(text, false), Some(first), "{text}");
        assert_eq!(read(text, true), Some(last), "{text}");
    };
    check("1970", (0, DAY - 1));
    check("1970-02", (31 * DAY, 32 * DAY - 1));
    check("1970-01-02", (DAY, 2 * DAY - 1));
    check("1970-01-01T", (0, DAY - 1));
    check("1970-01-01T01", (3_600_000, 7_200_000 - 1));
    check("1970-01-01T00:01", (60_000, 119_999));
    check("1970-01-01T00:00:01", (1000, 1999));
    check("1970-01-01T00:00:01.5", (1500, 1500));
    check("1970-01-01T00:00:01,5Z", (1500, 1500));
    check("1970-01-01T02:00:00+02:00", (0, 999));
    check("1969-12-31T23:00:00-0100", (0, 999));
    check("1970-01-01T02:00:00.123456789+02", (123, 123));
    check("1970-01-01T01:00Europe/Paris", (0, 59_999));
    check("1700000000000", (1_700_000_000_000, 1_700_000_000_000));
    check("1.5", (1, 1));
    check("-5", (-5, -5));
    check("12024", (12024, 12024));
    check(
        "-0044-03-15",
        (-63_549_360_000_000, -63_549_360_000_000 + DAY - 1),
    );
    for text in [
        "",
        "1970-13",
        "1970-1-1",
        "1970-02-30",
        "1970-01-01T25",
        "1970-01-01T1:2",
        "12024-03-15",
        "1970-01-01T00:00:00+99:00",
        "1970-01-01 10:00",
        "1e3",
        "soon",
        "1970-01-01T00:00:00.",
        "é",
    ] {
        assert_eq!(read(text, false), None, "{text}");
    }
}

#[test]
fn formats_by_name_and_by_pattern_read_what_they_print() {
    // What Elasticsearch 8.19 prints of 2024-03-05T04:07:09.080Z.
    let ms = 1_709_611_629_080;
    for (form, expected) in [
        ("epoch_millis", "1709611629080"),
        ("epoch_second", "1709611629.08"),
        ("date_optional_time", "2024-03-05T04:07:09.080Z"),
        ("strict_date_optional_time", "2024-03-05T04:07:09.080Z"),
        ("basic_date", "20240305"),
        ("basic_date_time", "20240305T040709.080Z"),
        ("basic_date_time_no_millis", "20240305T040709Z"),
        ("basic_ordinal_date", "2024065"),
        ("basic_week_date", "2024W102"),
        ("strict_basic_week_date_time", "2024W102T040709.080Z"),
        ("date", "2024-03-05"),
        ("date_hour", "2024-03-05T04"),
        ("date_hour_minute", "2024-03-05T04:07"),
        ("date_hour_minute_second", "2024-03-05T04:07:09"),
        (
            "strict_date_hour_minute_second_fraction",
            "2024-03-05T04:07:09.080",
        ),
        ("date_hour_minute_second_millis", "2024-03-05T04:07:09.080"),
        ("date_time", "2024-03-05T04:07:09.080Z"),
        ("date_time_no_millis", "2024-03-05T04:07:09Z"),
        ("ordinal_date", "2024-065"),
        ("week_date", "2024-W10-2"),
        ("weekyear", "2024"),
        ("weekyear_week", "2024-W10"),
        ("year", "2024"),
        ("year_month", "2024-03"),
        ("dd.MM.yyyy", "05.03.2024"),
        ("yy/M/d", "24/3/5"),
        ("EEE,ddMMMyyyy", "Tue,05Mar2024"),
        ("EEEE d MMMM yyyy", "Tuesday 5 March 2024"),
        ("yyyy-MM-dd hh:mm:ssa", "2024-03-05 04:07:09AM"),
        ("yyyy-MM-ddXXX", "2024-03-05Z"),
        ("yyyy/MM/dd HH:mm:ss Z", "2024/03/05 04:07:09 +0000"),
        ("yyyy.MM.dd'T'HH", "2024.03.05T04"),
        ("yyyy[-MM]", "2024-03"),
        ("yyyyMMddHHmmssSSS", "20240305040709080"),
        ("D e", "65 3"),
    ] {
        let printed = format(form).print(ms, &TimeZone::UTC);
        assert_eq!(printed, expected, "{form}");
        if form == "D e" {
            // A day of the week of the wrong year.
            continue;
        }
        let back = read(form, &printed).unwrap_or_else(|| panic!("{form}: {printed}"));
        assert!(back <= ms && ms - back < 366 * DAY, "{form}: {back}");
        assert_eq!(format(form).print(back, &TimeZone::UTC), printed, "{form}");
    }
    assert_eq!(format("epoch_second").print(-1000, &TimeZone::UTC), "-1");
    assert_eq!(
        format("year").print(-63_549_360_000_000, &TimeZone::UTC),
        "-0044"
    );
    assert_eq!(
        format("yyyy").print(-63_549_360_000_000, &TimeZone::UTC),
        "0045"
    );
    // Where the clock does not reach, the calendar is the same 400 years on.
    let ends = |form: &str| {
        let form = format(form);
        [i64::MAX, i64::MIN].map(|ms| form.print(ms, &TimeZone::UTC))
    };
    assert_eq!(ends("yyyy"), ["+292278994", "+292275056"]);
    assert_eq!(
        ends("strict_date_optional_time"),
        [
            "+292278994-08-17T07:12:55.807Z",
            "-292275055-05-16T16:47:04.192Z"
        ]
    );
}

#[test]
fn lenient_formats_read_short_numbers_and_strict_ones_do_not() {
    assert_eq!(read("date", "1970-1-2"), Some(DAY));
    assert_eq!(read("strict_date", "1970-1-2"), None);
    assert_eq!(read("yyyy-MM-dd", "1970-1-2"), None);
    assert_eq!(read("yyyy-M-d", "1970-1-2"), Some(DAY));
    assert_eq!(read("yyyy/MM/dd||yyyy-MM-dd", "1970-01-02"), Some(DAY));
    assert_eq!(read("epoch_second", "1.5"), Some(1500));
    assert_eq!(read("epoch_second", "-1.5"), Some(-1500));
    assert_eq!(read("epoch_millis", "-1.5"), Some(-2));
    assert_eq!(
        format("epoch_second").read("3", &TimeZone::UTC, true),
        Ok(3999)
    );
    assert_eq!(read("EEE yyyy-MM-dd", "Mon 1970-01-01"), None);
    assert_eq!(read("EEE yyyy-MM-dd", "Thu 1970-01-01"), Some(0));
}

#[test]
fn formats_that_make_no_sense_say_which_letter() {
    let reason = |text: &str| DateFormat::parse(text).unwrap_err().reason;
    assert_eq!(
        reason("foo"),
        "Invalid format: [foo]: Unknown pattern letter: f"
    );
    assert_eq!(
        reason("yyyyf"),
        "Invalid format: [yyyyf]: Unknown pattern letter: f"
    );
    assert!(reason("yyyy'").contains("incomplete string literal"));
    assert!(reason("yyyy]").contains("] without previous ["));
    assert!(reason(&"[".repeat(1000)).contains("Too many"));
    let failure = format("yyyy").read("x", &TimeZone::UTC, false).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "failed to parse date field [x] with format [yyyy]: Failed to parse with all enclosed parsers"
    );
}

#[test]
fn math_is_done_on_the_clock_of_the_zone() {
    let form = format(DateFormat::DEFAULT);
    let now = 1_709_611_629_080;
    let at = |text: &str, zone: &str, round_up| {
        let zone = time_zone(zone).unwrap();
        date_math(&form, text, now, &zone, round_up)
    };
    // The bounds that Elasticsearch 8.19 explains of `gte` and `lte`.
    for (text, zone, first, last) in [
        ("2024-01-01||/M", "Z", 1_704_067_200_000, 1_706_745_599_999),
        (
            "2024-01-31||+1M/d",
            "Z",
            1_709_164_800_000,
            1_709_251_199_999,
        ),
        ("2024-01-01||/w", "Z", 1_704_067_200_000, 1_704_671_999_999),
        ("2024-01-01||/y", "Z", 1_704_067_200_000, 1_735_689_599_999),
        (
            "2024-01-01||+1h-30m",
            "Z",
            1_704_069_000_000,
            1_704_069_000_000,
        ),
        (
            "2024-03-03T05||/d",
            "+02:00",
            1_709_416_800_000,
            1_709_503_199_999,
        ),
        (
            "2024-03-03T01:00:00+02:00||/d",
            "Z",
            1_709_337_600_000,
            1_709_423_999_999,
        ),
        ("now", "Z", now, now),
        ("now/s", "Z", 1_709_611_629_000, 1_709_611_629_999),
        ("now-1d/d", "Z", 1_709_510_400_000, 1_709_596_799_999),
    ] {
        assert_eq!(at(text, zone, false), Ok(first), "{text}");
        assert_eq!(at(text, zone, true), Ok(last), "{text}");
    }
    // The night in which clocks go forward has 23 hours.
    let start = at("2024-03-31||/d", "Europe/Paris", false).unwrap();
    let end = at("2024-03-31||/d", "Europe/Paris", true).unwrap();
    assert_eq!(end + 1 - start, 23 * 3_600_000);
    for (text, part) in [
        ("2024||+1", "truncated date math [+1]"),
        ("2024||+", "truncated date math [+]"),
        ("now+1q", "unit [q] not supported for date math [+1q]"),
        (
            "2024||/2d",
            "rounding `/` can only be used on single unit types [/2d]",
        ),
        ("2024||*2d", "operator not supported for date math [*2d]"),
        ("now+99999999999999999999d", "out of range"),
        ("now+9999999999d", "out of range"),
        (
            "foo",
            "failed to parse date field [foo] with format [strict_date_optional_time||epoch_millis]: [failed to parse date field [foo] with format [strict_date_optional_time||epoch_millis]]",
        ),
    ] {
        let failure = at(text, "Z", false).unwrap_err();
        assert!(failure.reason.contains(part), "{text}: {failure}");
    }
    assert!(time_zone("Foo/Bar").is_err());
    assert!(time_zone("+25:00").is_err());
    assert!(time_zone("+01:00x").is_err());
}
