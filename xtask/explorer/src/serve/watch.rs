//! Finds a call that the explorer does not know and that blocks, since it would stop the search for ever.

use std::io::{self, Write};
use std::time::Duration;
use std::{fs, process, thread};

use crate::engine::progress::{LastPoint, last_point};

/// How long a thread may be between two points.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ends this process if the thread that calls this makes no step for too long while it explores, and says why on
/// stderr.
pub(super) fn watch() {
    let own = fs::read_link("/proc/thread-self").unwrap_or_default();
    let own = own.file_name().unwrap_or_default().to_string_lossy().into_owned();
    thread::spawn(move || {
        let mut before = None;
        loop {
            thread::sleep(PATIENCE);
            let now = last_point();
            if let Some(point) = now.filter(|_| now == before) {
                _ = writeln!(io::stderr(), "{}", stuck(&own, point));
                process::exit(3);
            }
            before = now;
        }
    });
}

/// What the thread is doing that has come no further than to this point.
fn stuck(own: &str, LastPoint { thread, line, .. }: LastPoint) -> String {
    let thread = if thread == 0 { "main".to_owned() } else { format!("thread {thread}") };
    // After the name, which is in parentheses, comes the state.
    let stat = fs::read_to_string(format!("/proc/self/task/{own}/stat")).unwrap_or_default();
    let is_running = stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('R'));
    let does =
        if is_running { "calculates" } else { "waits in a call that the explorer does not know" };
    let seconds = PATIENCE.as_secs();
    format!(
        "line {line}: {thread} has made this step, and since then {does}, for more than {seconds} s"
    )
}
