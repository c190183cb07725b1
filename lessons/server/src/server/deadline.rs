//! When has a client been too slow?

use shared::clock::Stopwatch;

/// A number of lesson seconds from now on, or from the last renewal.
pub(crate) struct Deadline {
    watch: Stopwatch,
    seconds: f64,
}

impl Deadline {
    pub(crate) fn new(seconds: f64) -> Self {
        Self { watch: Stopwatch::start(), seconds }
    }

    pub(crate) fn renew(&mut self) {
        self.watch = Stopwatch::start();
    }

    pub(crate) fn seconds_left(&self) -> f64 {
        self.seconds - self.watch.seconds()
    }

    pub(crate) fn has_passed(&self) -> bool {
        self.seconds_left() <= 0.0
    }
}
