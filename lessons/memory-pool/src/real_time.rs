//! How long does it really take?

use std::time::Instant;

/// The milliseconds that `work` takes.
#[expect(clippy::disallowed_methods, reason = "real time: malloc gets no faster with --speed")]
pub(crate) fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

/// The milliseconds of the fastest round of each way. In a slower round, something else had the processor. The ways
/// take turns, so that a machine that is slow for a while is slow for all of them.
pub(crate) fn fastest<const WAYS: usize>(
    rounds: u32,
    mut ways: [&mut dyn FnMut(); WAYS],
) -> [f64; WAYS] {
    let mut fastest = [f64::INFINITY; WAYS];
    for _ in 0..rounds {
        for (way, fastest) in ways.iter_mut().zip(&mut fastest) {
            *fastest = fastest.min(milliseconds(way));
        }
    }
    fastest
}
