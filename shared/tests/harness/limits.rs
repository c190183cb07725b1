//! Whether a call keeps its limit.

use std::time::{Duration, Instant};

use shared::Error;

/// The longest sleep without a look, see `deadline::SLICE`.
pub(crate) const TENTH: Duration = Duration::from_millis(100);

/// The call must fail with an error of this kind, and not before its limit.
///
/// What it waits for must never happen: if the limit is ignored, the harness ends the test. There is no upper bound, since
/// on a busy machine everything takes longer. How soon those who wait go on, `cargo xtask bench` measures.
pub(crate) fn fails_after_its_limit<T, E: Into<Error>>(
    what: &str,
    is_expected: fn(&Error) -> bool,
    mut call: impl FnMut(Duration) -> Result<T, E>,
) {
    // None, one that is over before the first look, and one that takes several.
    for limit in [Duration::ZERO, TENTH / 100, TENTH * 5 / 2] {
        let start = Instant::now();
        match call(limit).map_err(Into::into) {
            Ok(_) => panic!("{what}: no error"),
            Err(error) => assert!(is_expected(&error), "{what}: {error:?}"),
        }
        let waited = start.elapsed();
        assert!(waited >= limit, "{what}: {waited:?} for {limit:?}");
    }
}
