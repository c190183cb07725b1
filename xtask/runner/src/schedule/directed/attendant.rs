//! Attends to a run that is not directed any more: a thread that lets every call go on at once. It ends with the last
//! thread of the run, or with this process.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::seccomp::Listener;
use super::time::Timers;

/// It is this time of the program. From now on the timers that have been set end in real time.
pub(super) fn start(listener: Arc<Listener>, timers: Timers, time: Duration) {
    let start = Instant::now();
    let attend = move || attend(&listener, timers, time, start);
    _ = thread::Builder::new().name("attendant".to_owned()).spawn(attend);
}

/// `time` is the program's at the moment `start`.
fn attend(
    listener: &Listener,
    mut timers: Timers,
    time: Duration,
    start: Instant,
) -> io::Result<()> {
    loop {
        let now = time.saturating_add(start.elapsed());
        timers.end(now);
        if !listener.wait(timers.first().map(|due| due.saturating_sub(now)))? {
            return Ok(());
        }
        while let Some(call) = listener.next()? {
            listener.permit(call);
        }
    }
}
