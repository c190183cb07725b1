//! Lesson seconds: the time that a scene speaks of, however fast it is played.
//!
//! A person watches a scene at speed 1; a check plays it at speed 20. Every pause shrinks by the speed and every
//! measured time grows by it, so that the printed figures stay the same.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The bits of an `f64`: std has no atomic float.
static SPEED: AtomicU64 = AtomicU64::new(1.0_f64.to_bits());

fn speed() -> f64 {
    f64::from_bits(SPEED.load(Ordering::Relaxed))
}

/// Sets how many lesson seconds pass in a real one. [`crate::lesson`] alone calls it, before the scene starts.
pub(crate) fn set_speed(speed: f64) {
    SPEED.store(speed.to_bits(), Ordering::Relaxed);
}

/// Sleeps for so many lesson seconds, never less.
///
/// A sleep stands for work; it never puts two things in order. Mirrors Python's `time.sleep`.
pub fn sleep(seconds: f64) {
    thread::sleep(self::seconds(seconds));
}

/// The real duration of so many lesson seconds, for calls that take a limit. Negative counts as nothing.
pub fn seconds(seconds: f64) -> Duration {
    // Rounded up: a pause that came out a nanosecond short would be measured as too short.
    Duration::from_nanos((seconds / speed() * 1e9).ceil() as u64)
}

/// Measures lesson seconds from a start, as `time.perf_counter` does in Python.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Lesson seconds since the start. It can be asked any number of times.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * speed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    // One test: the speed belongs to the whole program, and tests run side by side.
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

        // A day's sleep: at speed 1 it would outlast the minute by far.
        set_speed(86_400.0 * 50.0);
        let (slept, has_slept) = mpsc::channel();
        thread::spawn(move || {
            sleep(86_400.0);
            slept.send(())
        });
        has_slept.recv_timeout(Duration::from_secs(60)).expect("it does not sleep a day");

        // A third of a second is no whole number of nanoseconds.
        set_speed(3.0);
        assert!(seconds(1.0).as_secs_f64() * 3.0 >= 1.0);
    }
}
