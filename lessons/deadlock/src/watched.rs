//! Which threads can never go on?

use std::process::ExitCode;
use std::sync::mpsc;

use shared::watchdog::{self, Ending};

/// Runs the lesson under a watchdog. If no thread can ever run again, names the threads, and returns: that ends the
/// process with all of them.
pub(crate) fn run(lesson: fn() -> ExitCode) -> ExitCode {
    let (done, status) = mpsc::channel();
    match watchdog::run(move || _ = done.send(lesson())) {
        Ok(Ending::Finished) => status.recv().unwrap_or(ExitCode::FAILURE), // No status: the lesson panicked.
        Ok(Ending::Stuck(threads)) => {
            println!("watchdog: no thread can go on");
            for thread in threads {
                println!("watchdog: {thread}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(77) // Skipped.
        }
    }
}
