//! How long did each way take, and how many times as fast as the first one was it?

use shared::clock::Stopwatch;
use shared::{Result, chart};

/// Measures one way after the other, and draws a bar for each.
#[derive(Default)]
pub(crate) struct Bars {
    /// The time of the first way, which the others are compared with.
    first: Option<f64>,
}

impl Bars {
    /// Does the work, and draws the lesson seconds that it took.
    pub(crate) fn measure<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let watch = Stopwatch::start();
        let result = work()?;
        self.draw(name, watch.seconds());
        Ok(result)
    }

    /// The first bar has 25 columns. A slower way gets a longer one, of 36 at most.
    pub(crate) fn draw(&mut self, name: &str, seconds: f64) {
        let first = *self.first.get_or_insert(seconds);
        let bar = chart::bar(seconds, 1.44 * first, 36);
        println!("{name:<19} {bar} {seconds:.1} s, speed-up {:.2}", first / seconds);
    }
}
