//! Whether a call keeps its limit.

use std::time::{Duration, Instant};

use shared::Error;

/// What is late by more than this has missed its limit.
pub(crate) const TENTH: Duration = Duration::from_millis(100);

/// The call must fail with an error of this kind at its limit: not before, and at most a tenth of a second after it.
///
/// On a machine that is busy it may come later now and then; three times in a row it is the call's fault.
pub(crate) fn fails_at_its_limit<T, E: Into<Error>>(
    what: &str,
    is_expected: fn(&Error) -> bool,
    mut call: impl FnMut(Duration) -> Result<T, E>,
) {
    for limit in [0, 1, 250].map(Duration::from_millis) {
        let mut wait = || {
            let start = Instant::now();
            match call(limit).map_err(Into::into) {
                Ok(_) => panic!("{what}: no error"),
                Err(error) => assert!(is_expected(&error), "{what}: {error:?}"),
            }
            let waited = start.elapsed();
            assert!(waited >= limit, "{what}: {waited:?} for {limit:?}");
            waited
        };
        let is_late = |waited| waited >= limit + TENTH;
        assert!(!(0..3).all(|_| is_late(wait())), "{what}: always late for {limit:?}");
    }
}
