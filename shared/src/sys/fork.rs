//! fork and _exit.

use std::io::Error as IoError;
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::errno::Errno;
use nix::libc;
use nix::unistd::{self, ForkResult};

use crate::{Error, Result};

/// How long a thread that has been joined may still be listed: joining returns a moment before the kernel is done with it.
const LINGERING: Duration = Duration::from_millis(50);

/// Forks, or refuses where the child could not run ordinary code.
pub(crate) fn fork() -> Result<ForkResult> {
    let threads = threads_left_after(LINGERING)?;
    if threads > 1 {
        return Err(Error::Threaded { threads });
    }
    // SAFETY: the caller is this process's only thread. So no other one can start a thread now, and none can hold a
    // lock (the allocator's, stdout's) that would stay locked in the child for ever.
    unsafe { unistd::fork() }.map_err(|errno| match errno {
        Errno::EAGAIN => Error::ProcessLimit,
        other => Error::System {
            call: "fork",
            source: IoError::other(other),
        },
    })
}

/// The number of threads, once it is one or the time is up.
fn threads_left_after(limit: Duration) -> Result<usize> {
    let count = || fs::read_dir("/proc/self/task").map(Iterator::count);
    let start = Instant::now();
    loop {
        let threads = count().map_err(Error::system("reading /proc/self/task"))?;
        if threads <= 1 || start.elapsed() >= limit {
            return Ok(threads);
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// Ends the process on the spot: no destructor, no exit handler, no buffer written.
pub(crate) fn exit_now(code: i32) -> ! {
    // SAFETY: _exit takes a number, returns never and is async-signal-safe: any state of the process will do.
    unsafe { libc::_exit(code) }
}
