//! Where intervals of time begin.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use query::{CalendarUnit, Interval};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The most begins of intervals that are looked up rather than computed for each value.
const MAX_KNOWN: usize = 4096;

/// Cuts times, in milliseconds since 1970, to the begin of their interval as the clocks of a zone show it.
#[derive(Debug, Clone)]
pub(super) struct Rounding {
    interval: Interval,
    zone: TimeZone,
    /// How far the zone's clocks are ahead of UTC, where they always are as far.
    fixed_ms: Option<i64>,
    /// Begins of all intervals from the first to the last of them, ascending.
    known: Vec<i64>,
}

impl Rounding {
    pub(super) fn new(interval: Interval, zone: TimeZone) -> Self {
        let fixed = zone.to_fixed_offset().ok();
        Self {
            interval,
            fixed_ms: fixed.map(|offset| i64::from(offset.seconds()) * SECOND_MS),
            zone,
            known: Vec::new(),
        }
    }

    /// Looks ahead for the times between two, so that each of them costs little.
    pub(super) fn prepare(&mut self, first_ms: i64, last_ms: i64) {
        self.known.clear();
        let length_ms = match self.interval {
            Interval::Fixed(length) => length.max(1),
            Interval::Calendar(unit) => small(unit).unwrap_or(DAY_MS),
        };
        let many = last_ms.saturating_sub(first_ms) / length_ms > MAX_KNOWN as i64;
        if self.fixed_ms.is_some() || many {
            return;
        }
        let mut known = vec![self.compute(first_ms)];
        while let Some(last) = known.last()
            && *last <= last_ms
        {
            let next = self.next(*last);
            if next <= *last || known.len() > MAX_KNOWN {
                return;
            }
            known.push(next);
        }
        self.known = known;
    }

    /// Answers when the interval of a time begins.
    pub(super) fn round(&self, ms: i64) -> i64 {
        let [first, .., last] = self.known.as_slice() else {
            return self.compute(ms);
        };
        if ms < *first || ms >= *last {
            return self.compute(ms);
        }
        // Intervals are about equally long, so the place is near to where it would be if they were.
        let share = (ms - first) as f64 / (last - first) as f64;
        let mut at = (share * (self.known.len() - 1) as f64) as usize;
        while self.known[at] > ms {
            at -= 1;
        }
        while self.known[at + 1] <= ms {
            at += 1;
        }
        self.known[at]
    }

    /// Answers when the interval after one begins, given its begin.
    pub(super) fn next(&self, begin_ms: i64) -> i64 {
        let local_begin = begin_ms.saturating_add(self.offset_ms(begin_ms));
        if let Some(fixed) = self.fixed_ms {
            return self.next_local(local_begin).saturating_sub(fixed);
        }
        match self.interval {
            Interval::Fixed(_) => match self.offsets(self.next_local(local_begin)) {
                Offsets::One(offset) => self.next_local(local_begin) - offset,
                Offsets::Two(before, _) | Offsets::None(before) => {
                    self.next_local(local_begin) - before
                }
            },
            Interval::Calendar(unit) => match small(unit) {
                Some(length_ms) => {
                    // Clocks that are set back by a part of a unit show the beginning of one again.
                    let next = self.compute(begin_ms.saturating_add(length_ms));
                    match next > begin_ms {
                        true => next,
                        false => self.compute(begin_ms.saturating_add(length_ms.saturating_mul(2))),
                    }
                }
                None => self.first_instant(self.next_local(self.floor_local(local_begin))),
            },
        }
    }

    fn compute(&self, ms: i64) -> i64 {
        if let Some(fixed) = self.fixed_ms {
            return self
                .floor_local(ms.saturating_add(fixed))
                .saturating_sub(fixed);
        }
        match self.interval {
            Interval::Fixed(_) => self.compute_fixed(ms),
            Interval::Calendar(unit) => match small(unit) {
                Some(_) => self.compute_small(ms),
                None => {
                    let local = ms.saturating_add(self.offset_ms(ms));
                    self.first_instant(self.floor_local(local))
                }
            },
        }
    }

    /// Rounds to intervals of one length, which never reach across a change of clocks.
    fn compute_fixed(&self, ms: i64) -> i64 {
        let mut ms = ms;
        loop {
            let local = self.floor_local(ms.saturating_add(self.offset_ms(ms)));
            let change = self.change_before(ms.saturating_add(1));
            let begins = match self.offsets(local) {
                Offsets::None(before) => {
                    // The clocks skip the begin: the interval begins where they do.
                    return self
                        .change_before((local - before).saturating_add(1))
                        .unwrap_or(ms);
                }
                Offsets::One(offset) => [local - offset, local - offset],
                Offsets::Two(before, after) => [local - after, local - before],
            };
            let mut rounded = None;
            let mut across = None;
            for begin in begins {
                if let Some(change) = change.filter(|change| begin < *change) {
                    across = Some(change);
                    break;
                }
                if begin <= ms {
                    rounded = Some(begin);
                    break;
                }
            }
            match (rounded, across) {
                (Some(rounded), _) => return rounded,
                (None, Some(change)) => ms = change - 1,
                (None, None) => return begins[1],
            }
        }
    }

    /// Rounds to seconds, minutes and hours.
    fn compute_small(&self, ms: i64) -> i64 {
        let mut ms = ms;
        loop {
            let local = self.floor_local(ms.saturating_add(self.offset_ms(ms)));
            let begins = match self.offsets(local) {
                Offsets::None(_) => [None, None],
                Offsets::One(offset) => [Some(local - offset), None],
                Offsets::Two(before, after) => [Some(local - after), Some(local - before)],
            };
            let begin = begins.into_iter().flatten().find(|begin| *begin <= ms);
            match (self.change_before(ms), begin) {
                (Some(change), Some(begin)) if change <= begin => return begin,
                (None, Some(begin)) => return begin,
                (Some(change), _) => ms = change - 1,
                (None, None) => return local,
            }
        }
    }

    /// The first time at which the clocks show a local time, or jump past it.
    fn first_instant(&self, local: i64) -> i64 {
        match self.offsets(local) {
            Offsets::One(offset) | Offsets::Two(offset, _) => local - offset,
            Offsets::None(before) => {
                let past = local - before;
                self.change_before(past.saturating_add(1)).unwrap_or(past)
            }
        }
    }

    /// When the clocks were last changed before a time.
    fn change_before(&self, ms: i64) -> Option<i64> {
        let time = Timestamp::from_millisecond(ms).ok()?;
        let change = self.zone.preceding(time).next()?;
        Some(change.timestamp().as_millisecond())
    }

    fn offset_ms(&self, ms: i64) -> i64 {
        if let Some(fixed) = self.fixed_ms {
            return fixed;
        }
        // Where no calendar reaches, there are no zones either.
        Timestamp::from_millisecond(ms).map_or(0, |time| {
            i64::from(self.zone.to_offset(time).seconds()) * SECOND_MS
        })
    }

    /// How far the clocks may be ahead of UTC when they show a local time.
    fn offsets(&self, local: i64) -> Offsets {
        let Ok(time) = Timestamp::from_millisecond(local) else {
            return Offsets::One(0);
        };
        let local: DateTime = TimeZone::UTC.to_datetime(time);
        let ms = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * SECOND_MS;
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Offsets::One(ms(offset)),
            AmbiguousOffset::Fold { before, after } => Offsets::Two(ms(before), ms(after)),
            AmbiguousOffset::Gap { before, .. } => Offsets::None(ms(before)),
        }
    }

    fn floor_local(&self, local: i64) -> i64 {
        let floor = |length: i64| local.div_euclid(length).saturating_mul(length);
        match self.interval {
            Interval::Fixed(length) => floor(length.max(1)),
            Interval::Calendar(CalendarUnit::Second) => floor(SECOND_MS),
            Interval::Calendar(CalendarUnit::Minute) => floor(MINUTE_MS),
            Interval::Calendar(CalendarUnit::Hour) => floor(HOUR_MS),
            Interval::Calendar(CalendarUnit::Day) => floor(DAY_MS),
            Interval::Calendar(CalendarUnit::Week) => {
                // 1970 began on a Thursday.
                let days = local.div_euclid(DAY_MS);
                ((days + 3).div_euclid(7) * 7 - 3).saturating_mul(DAY_MS)
            }
            Interval::Calendar(unit) => {
                let (year, month) = year_and_month(local.div_euclid(DAY_MS));
                let months = months(unit);
                day_of(year, (month - 1) / months * months + 1).saturating_mul(DAY_MS)
            }
        }
    }

    fn next_local(&self, local: i64) -> i64 {
        match self.interval {
            Interval::Fixed(length) => local.saturating_add(length.max(1)),
            Interval::Calendar(CalendarUnit::Second) => local.saturating_add(SECOND_MS),
            Interval::Calendar(CalendarUnit::Minute) => local.saturating_add(MINUTE_MS),
            Interval::Calendar(CalendarUnit::Hour) => local.saturating_add(HOUR_MS),
            Interval::Calendar(CalendarUnit::Day) => local.saturating_add(DAY_MS),
            Interval::Calendar(CalendarUnit::Week) => local.saturating_add(7 * DAY_MS),
            Interval::Calendar(unit) => {
                let (year, month) = year_and_month(local.div_euclid(DAY_MS));
                let months = year * 12 + month - 1 + months(unit);
                day_of(months.div_euclid(12), months.rem_euclid(12) + 1).saturating_mul(DAY_MS)
            }
        }
    }
}

/// How far clocks may be ahead of UTC, in milliseconds, when they show a local time.
enum Offsets {
    One(i64),
    /// The clocks show it twice: before and after they are set back.
    Two(i64, i64),
    /// The clocks skip it; how far they are ahead before that.
    None(i64),
}

/// The length of units within a day.
fn small(unit: CalendarUnit) -> Option<i64> {
    match unit {
        CalendarUnit::Second => Some(SECOND_MS),
        CalendarUnit::Minute => Some(MINUTE_MS),
        CalendarUnit::Hour => Some(HOUR_MS),
        _ => None,
    }
}

fn months(unit: CalendarUnit) -> i64 {
    match unit {
        CalendarUnit::Quarter => 3,
        CalendarUnit::Year => 12,
        _ => 1,
    }
}

/// The days of 400 years, after which the calendar is the same again.
const CYCLE_DAYS: i64 = 146_097;

/// Days from 0000-03-01, a day after a leap day, to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;

/// Answers the year and month, 1 to 12, of a day counted from 1970, in a calendar that reaches as far as numbers do.
fn year_and_month(day: i64) -> (i64, i64) {
    let day = day + EPOCH_DAYS;
    let in_cycle = day.rem_euclid(CYCLE_DAYS);
    let year_in_cycle = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * year_in_cycle + year_in_cycle / 4 - year_in_cycle / 100);
    // Months counted from March, whose lengths repeat every five: 31, 30, 31, 30, 31.
    let from_march = (5 * in_year + 2) / 153;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = day.div_euclid(CYCLE_DAYS) * 400 + year_in_cycle;
    (year + i64::from(month <= 2), month)
}

/// Answers the first day of a month, counted from 1970.
fn day_of(year: i64, month: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let in_cycle = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let in_year = (153 * from_march + 2) / 5;
    year.div_euclid(400) * CYCLE_DAYS + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + in_year
        - EPOCH_DAYS
}

#[cfg(test)]
mod tests;
