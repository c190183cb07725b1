//! Lesson seconds: the time that a scene speaks of, at any speed.
//!
//! A person watches a scene at speed 1; a check plays it at speed 20. The speed shortens every pause and multiplies
//! every measured time, so the printed figures stay the same.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The speeds at which every scene plays. Beyond the last one a timeout of some lesson seconds may expire before the
/// system has started a program.
pub(crate) const SPEEDS: RangeInclusive<f64> = 0.001..=1000.0;

/// The bits of an `f64`: std has no atomic float.
static SPEED: AtomicU64 = AtomicU64::new(1.0_f64.to_bits());

fn speed() -> f64 {
    f64::from_bits(SPEED.load(Ordering::Relaxed))
}

/// Sets how many lesson seconds pass in a real one. Only [`crate::lesson`] calls it, before the scene starts.
pub(crate) fn set_speed(speed: f64) {
    SPEED.store(speed.to_bits(), Ordering::Relaxed);
}

/// Sleeps for `seconds` lesson seconds or longer, never less. Mirrors Python's `time.sleep`.
///
/// In a scene, a sleep represents work. It never synchronises.
///
/// ```
/// shared::clock::sleep(0.01); // Ten milliseconds at speed 1.
/// ```
pub fn sleep(seconds: f64) {
    thread::sleep(self::seconds(seconds));
}

/// Converts lesson seconds to the real duration, for calls that take a `timeout`. A negative number gives zero.
///
/// ```
/// # #[cfg(all(feature = "processes", target_os = "linux"))]
/// # fn main() -> shared::Result<()> {
/// use shared::{clock, sync::Event};
///
/// let event = Event::new()?;
/// assert!(!event.wait_timeout(clock::seconds(0.1))); // At speed 20, after 5 ms.
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "processes", target_os = "linux")))]
/// # fn main() {}
/// ```
pub fn seconds(seconds: f64) -> Duration {
    // Rounded up: a pause one nanosecond short would be measured as too short.
    Duration::from_nanos((seconds / speed() * 1e9).ceil() as u64)
}

/// Measures lesson seconds from a start. Mirrors the difference of two calls of Python's `time.perf_counter`.
///
/// ```
/// use shared::clock::{Stopwatch, sleep};
///
/// let stopwatch = Stopwatch::start();
/// sleep(0.01);
/// assert!(stopwatch.seconds() >= 0.01);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The lesson seconds since the start. The stopwatch runs on.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * speed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    // One test: the speed is global, and tests run in parallel.
    #[test]
    fn speed_scales_pauses_and_measurements_alike() {
        set_speed(50.0);
        assert_eq!(seconds(1.0), Duration::from_millis(20));
        assert_eq!(seconds(-1.0), Duration::ZERO);

        let real = Instant::now();
        let watch = Stopwatch::start();
        sleep(1.0);
        let measured = watch.seconds();
        let passed = real.elapsed();
        assert!(measured >= 1.0, "measured {measured} lesson seconds");
        assert!(passed >= Duration::from_millis(20), "slept {passed:?}");

        // A day's sleep, which at speed 1 would outlast the minute.
        set_speed(86_400.0 * 50.0);
        let (slept, has_slept) = mpsc::channel();
        thread::spawn(move || {
            sleep(86_400.0);
            slept.send(())
        });
        has_slept.recv_timeout(Duration::from_secs(60)).expect("it does not sleep a day");

        // A third of a second is not a whole number of nanoseconds.
        set_speed(3.0);
        assert!(seconds(1.0).as_secs_f64() * 3.0 >= 1.0);
    }
}
