//! Whether a call keeps its timeout.

use std::time::{Duration, Instant};

use shared::Error;

/// The longest sleep without a check, see `deadline::SLICE`.
pub(crate) const TENTH: Duration = Duration::from_millis(100);

/// The call must fail with an error of this kind, and not before its timeout.
///
/// What it waits for must never happen: if the timeout is ignored, the harness ends the test. There is no upper bound,
/// since on a busy machine everything takes longer. `cargo xtask bench` measures how soon waiting processes go on.
pub(crate) fn fails_after_its_timeout<T, E: Into<Error>>(
    what: &str,
    is_expected: fn(&Error) -> bool,
    mut call: impl FnMut(Duration) -> Result<T, E>,
) {
    // Zero, one that expires before the first check, and one that takes several checks.
    for timeout in [Duration::ZERO, TENTH / 100, TENTH * 5 / 2] {
        let start = Instant::now();
        match call(timeout).map_err(Into::into) {
            Ok(_) => panic!("{what}: no error"),
            Err(error) => assert!(is_expected(&error), "{what}: {error:?}"),
        }
        let waited = start.elapsed();
        assert!(waited >= timeout, "{what}: {waited:?} for {timeout:?}");
    }
}
