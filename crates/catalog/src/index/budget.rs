//! A bound on what decoding takes at the same time.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that can be taken and are given back.
pub(crate) struct Budget {
    total: u64,
    free: Mutex<u64>,
    given_back: Condvar,
}

/// Bytes that were taken; dropping gives them back.
pub(crate) struct Taken<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(total: u64) -> Self {
        Self {
            total,
            free: Mutex::new(total),
            given_back: Condvar::new(),
        }
    }

    /// Waits until so many bytes are free and takes them. More than there are in all are taken as all: whoever needs
    /// them works alone.
    pub(crate) fn take(&self, bytes: u64) -> Taken<'_> {
        let bytes = bytes.min(self.total);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .given_back
            .wait_while(free, |free| *free < bytes)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        Taken {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self
            .budget
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn never_more_is_taken_than_there_is() {
        let budget = Budget::new(100);
        let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let (budget, now, most) = (&budget, &now, &most);
                scope.spawn(move || {
                    for turn in 0..200 {
                        let bytes = (thread * 37 + turn * 13) % 150;
                        let _taken = budget.take(bytes);
                        let used = bytes.min(100);
                        most.fetch_max(
                            now.fetch_add(used, Ordering::SeqCst) + used,
                            Ordering::SeqCst,
                        );
                        now.fetch_sub(used, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 100);
        assert_eq!(*budget.free.lock().unwrap(), 100);
    }
}
