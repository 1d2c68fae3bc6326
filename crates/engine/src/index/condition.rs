//! What must hold for a write to happen.

use crate::truth::Existing;
use document::{Cause, Condition, Failure, PRIMARY_TERM};

/// Makes sure that a condition holds, and answers the version that the write gives the document.
///
/// # Errors
/// When it does not hold, in Elasticsearch's words.
pub(super) fn version(
    id: &str,
    condition: Condition,
    existing: Option<Existing>,
) -> Result<u64, Failure> {
    let conflict = |reason: String| {
        let reason = format!("[{id}]: version conflict, {reason}");
        Err(Failure::new(Cause::VersionConflict, reason))
    };
    let living = existing.filter(|existing| !existing.deleted);
    let next = existing.map_or(1, |existing| existing.version + 1);
    match condition {
        Condition::Always => Ok(next),
        Condition::Absent => match living {
            None => Ok(next),
            Some(Existing { version, .. }) => conflict(format!(
                "document already exists (current version [{version}])"
            )),
        },
        Condition::SeqNo {
            seq_no,
            primary_term,
        } => {
            let required = format!("required seqNo [{seq_no}], primary term [{primary_term}].");
            match living {
                Some(living) if (living.seq_no, PRIMARY_TERM) == (seq_no, primary_term) => Ok(next),
                Some(living) => conflict(format!(
                    "{required} current document has seqNo [{}] and primary term [{PRIMARY_TERM}]",
                    living.seq_no
                )),
                None => conflict(format!("{required} but no document was found")),
            }
        }
        Condition::External { version, or_equal } => match existing {
            Some(existing) if or_equal && existing.version > version => conflict(format!(
                "current version [{}] is higher than the one provided [{version}]",
                existing.version
            )),
            Some(existing) if !or_equal && existing.version >= version => conflict(format!(
                "current version [{}] is higher or equal to the one provided [{version}]",
                existing.version
            )),
            _ => Ok(version),
        },
    }
}
