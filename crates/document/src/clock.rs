//! The time of day.

use std::time::{SystemTime, UNIX_EPOCH};

/// Answers the milliseconds since 1970; 0 where the clock is set before.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
