//! How many real microseconds does it take?

use std::time::Instant;

use shared::Result;

/// The time of the work, which is the same at any `--speed`.
#[expect(clippy::disallowed_methods, reason = "real time: a fork gets no faster with --speed")]
pub(crate) fn microseconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
