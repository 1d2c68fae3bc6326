use super::*;
use jiff::civil::date;

fn zoned(zone: &str, text: &str) -> i64 {
    let local: DateTime = text.parse().unwrap();
    let zone = TimeZone::get(zone).unwrap();
    local.to_zoned(zone).unwrap().timestamp().as_millisecond()
}

fn rounding(interval: Interval, zone: &str) -> Rounding {
    Rounding::new(interval, TimeZone::get(zone).unwrap())
}

#[test]
fn the_calendar_is_the_same_as_everywhere_else() {
    for day in (-800_000..800_000).step_by(97) {
        let expected = date(1970, 1, 1)
            .checked_add(jiff::Span::new().days(day))
            .unwrap();
        let (year, month) = year_and_month(day);
        assert_eq!(
            (year, month),
            (i64::from(expected.year()), i64::from(expected.month()))
        );
        assert_eq!(day_of(year, month), day + 1 - i64::from(expected.day()));
    }
}

#[test]
fn midnights_that_clocks_skip_begin_when_they_jump() {
    // In São Paulo clocks went from 23:59:59 on the third of November 2018 to 01:00 on the fourth.
    let day = rounding(Interval::Calendar(CalendarUnit::Day), "America/Sao_Paulo");
    let noon = zoned("America/Sao_Paulo", "2018-11-04T12:00:00");
    let begin = zoned("America/Sao_Paulo", "2018-11-04T01:00:00");
    assert_eq!(day.round(noon), begin);
    assert_eq!(
        day.next(zoned("America/Sao_Paulo", "2018-11-03T00:00:00")),
        begin
    );
    assert_eq!(
        day.next(begin),
        zoned("America/Sao_Paulo", "2018-11-05T00:00:00")
    );
}

/// Every begin rounds to itself, the millisecond before it to the one before, and looking begins up changes nothing.
#[test]
fn begins_follow_each_other_without_gaps() {
    let units = [
        CalendarUnit::Hour,
        CalendarUnit::Day,
        CalendarUnit::Week,
        CalendarUnit::Month,
        CalendarUnit::Quarter,
        CalendarUnit::Year,
    ];
    let zones = [
        "UTC",
        "Europe/Paris",
        "America/New_York",
        "America/Sao_Paulo",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
    ];
    for zone in zones {
        for unit in units {
            let plain = rounding(Interval::Calendar(unit), zone);
            let mut known = plain.clone();
            let start = zoned(zone, "2018-01-15T07:30:00");
            known.prepare(start, start + 400 * DAY_MS);
            let mut begin = plain.round(start);
            for _ in 0..400 {
                assert_eq!(plain.round(begin), begin, "{zone} {unit:?}");
                let next = plain.next(begin);
                assert!(next > begin, "{zone} {unit:?}");
                for ms in [begin, begin + 1, (begin + next) / 2, next - 1] {
                    assert_eq!(plain.round(ms), begin, "{zone} {unit:?} {ms}");
                    assert_eq!(known.round(ms), begin, "{zone} {unit:?} {ms}");
                }
                begin = next;
            }
        }
    }
}

#[test]
fn times_beyond_the_calendar_are_rounded_too() {
    let year = rounding(Interval::Calendar(CalendarUnit::Year), "Europe/Paris");
    for ms in [i64::MIN, i64::MAX] {
        year.round(ms);
        year.next(ms);
    }
}
