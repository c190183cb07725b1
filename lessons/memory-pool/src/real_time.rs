//! How long does it really take?

use std::time::Instant;

/// The milliseconds that `work` takes.
#[expect(clippy::disallowed_methods, reason = "real time: malloc gets no faster with --speed")]
pub(crate) fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

/// The milliseconds of the fastest of several rounds. In a slower one, something else had the processor.
pub(crate) fn fastest(rounds: u32, mut round: impl FnMut()) -> f64 {
    (0..rounds).map(|_| milliseconds(&mut round)).fold(f64::INFINITY, f64::min)
}
