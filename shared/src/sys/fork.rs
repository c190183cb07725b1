//! fork and _exit.

use std::io::Error as IoError;
use std::{fs, io};

use nix::errno::Errno;
use nix::libc;
use nix::unistd::{self, ForkResult};

use crate::{Error, Result};

/// Forks, or refuses where the child could not run ordinary code.
pub(crate) fn fork() -> Result<ForkResult> {
    let threads = threads().map_err(Error::system("reading /proc/self/task"))?;
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

/// How many threads this process has, the caller among them.
fn threads() -> io::Result<usize> {
    let mut threads = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        // A thread that has been joined may stay listed for a moment, and be gone when its file is read.
        let stat = fs::read_to_string(thread?.path().join("stat")).unwrap_or_default();
        threads += usize::from(is_alive(&stat));
    }
    Ok(threads)
}

/// Whether a thread with this /proc/PID/stat will run code of the program again.
fn is_alive(stat: &str) -> bool {
    const PF_EXITING: u32 = 4;
    // The second field is a name in parentheses, which may hold anything; the flags are the ninth (see proc_pid_stat(5)).
    let flags = stat
        .rsplit_once(") ")
        .and_then(|(_, fields)| fields.split(' ').nth(6)?.parse::<u32>().ok());
    flags.is_some_and(|flags| flags & PF_EXITING == 0)
}

/// Ends the process on the spot: no destructor, no exit handler, no buffer written.
pub(crate) fn exit_now(code: i32) -> ! {
    // SAFETY: _exit takes a number, returns never and is async-signal-safe: any state of the process will do.
    unsafe { libc::_exit(code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_on_its_way_out_does_not_count() {
        assert!(is_alive(
            &fs::read_to_string("/proc/thread-self/stat").unwrap()
        ));
        assert!(is_alive("10 (a) b) S 1 10 10 0 -1 4194304 117 0"));
        assert!(!is_alive("10 (a) b) R 1 10 10 0 -1 4194308 117 0"));
        assert!(!is_alive(""), "gone");
    }
}
