//! Shows the progress of a build.

use std::io::IsTerminal;

use course::Observer;
use indicatif::{ProgressBar, ProgressStyle};
use runner::Cancel;

/// Shows each crate of a build when it is done.
pub(super) struct Watcher<'a> {
    cancel: &'a Cancel,
    bar: ProgressBar,
}

impl<'a> Watcher<'a> {
    /// Watches a build that `cancel` stops.
    pub(super) fn new(cancel: &'a Cancel) -> Self {
        Self { cancel, bar: spinner() }
    }
}

impl Observer for Watcher<'_> {
    fn cancelled(&self) -> bool {
        self.bar.tick();
        self.cancel.is_cancelled()
    }

    fn built(&self, name: &str) {
        self.bar.inc(1);
        self.bar.set_message(name.to_owned());
    }
}

impl Drop for Watcher<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Hidden if stderr is not a terminal.
fn spinner() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} building {wide_msg}") {
        bar.set_style(style);
    }
    bar
}
