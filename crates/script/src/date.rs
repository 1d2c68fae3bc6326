//! Dates of the proleptic Gregorian calendar in UTC.

/// A moment, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// The year; 0 is the year before 1.
    pub(crate) year: i64,
    /// The month, 1 to 12.
    pub(crate) month: i64,
    /// The day of the month, from 1.
    pub(crate) day: i64,
    /// The day of the year, from 1.
    pub(crate) day_of_year: i64,
    /// The day of the week, 1 = Monday to 7 = Sunday.
    pub(crate) day_of_week: i64,
    /// The hour, 0 to 23.
    pub(crate) hour: i64,
    /// The minute.
    pub(crate) minute: i64,
    /// The second.
    pub(crate) second: i64,
    /// The millisecond.
    pub(crate) milli: i64,
}

const DAY_MS: i64 = 86_400_000;

/// Takes a moment apart that is given in milliseconds since 1970.
pub(crate) fn calendar(millis: i64) -> Calendar {
    let days = millis.div_euclid(DAY_MS);
    let in_day = millis.rem_euclid(DAY_MS);
    // Years are counted from March, so that the day that leap years add is a year's last; 400 years have 146,097 days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let in_era = shifted.rem_euclid(146_097);
    let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Calendar {
        year,
        month,
        day,
        day_of_year: days - days_before(year, 1, 1) + 1,
        day_of_week: (days + 3).rem_euclid(7) + 1,
        hour: in_day / 3_600_000,
        minute: in_day / 60_000 % 60,
        second: in_day / 1000 % 60,
        milli: in_day % 1000,
    }
}

/// Returns how many days lie between 1970 and a date.
pub(crate) fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let in_year = (153 * march_month + 2) / 5 + day - 1;
    let in_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + in_year;
    era * 146_097 + in_era - 719_468
}

/// Writes a moment as Elasticsearch does: `2020-01-02T03:04:05.000Z`.
pub(crate) fn iso_date(millis: i64) -> String {
    let at = calendar(millis);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.milli
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_taken_apart_and_put_together() {
        assert_eq!(iso_date(1_577_934_245_000), "2020-01-02T03:04:05.000Z");
        assert_eq!(iso_date(-1), "1969-12-31T23:59:59.999Z");
        let leap = calendar(951_782_400_000);
        assert_eq!((leap.year, leap.month, leap.day), (2000, 2, 29));
        assert_eq!((leap.day_of_year, leap.day_of_week), (60, 2));
        for days in (-800_000..800_000).step_by(37) {
            let at = calendar(days * DAY_MS);
            assert_eq!(days_before(at.year, at.month, at.day), days);
        }
    }
}
