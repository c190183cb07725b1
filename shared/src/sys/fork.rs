//! fork and _exit.

use std::{fs, io};

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{self, ForkResult};

/// Why there is no child.
#[derive(Debug)]
pub(crate) enum ForkError {
    /// The number of threads that are running, the caller among them.
    Threads(usize),
    /// The number of locks that the calling thread holds.
    Locks(usize),
    /// The threads could not be counted.
    Uncounted(io::Error),
    /// fork(2) failed.
    Failed(Errno),
}

/// Forks, or refuses where the child could not run ordinary code.
pub(crate) fn fork() -> Result<ForkResult, ForkError> {
    let threads = threads().map_err(ForkError::Uncounted)?;
    if threads > 1 {
        return Err(ForkError::Threads(threads));
    }
    let locks = super::held_locks::count();
    if locks > 0 {
        return Err(ForkError::Locks(locks));
    }
    // SAFETY: the caller is this process's only thread. So no other one can start a thread now, and none can hold a
    // lock (the allocator's, stdout's) that would stay locked in the child for ever.
    unsafe { unistd::fork() }.map_err(ForkError::Failed)
}

/// How many threads this process has, the caller among them.
fn threads() -> io::Result<usize> {
    // A process with one thread can ask for its own thread group, which changes nothing. With more threads the
    // call is refused. It is much faster than reading files.
    if unshare(CloneFlags::CLONE_THREAD).is_ok() { Ok(1) } else { count_threads() }
}

/// Reads the files. It is not compiled into [`fork`], whose stack and code it would enlarge: each page of them that is
/// used after the fork costs time.
#[cold]
#[inline(never)]
fn count_threads() -> io::Result<usize> {
    let mut threads = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        match fs::read_to_string(thread?.path().join("stat")) {
            Ok(stat) => threads += usize::from(is_alive(&stat)),
            Err(error) if has_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(threads)
}

/// A thread that has been joined stays listed for a moment. It may be gone when its file is opened, or read.
fn has_gone(error: &io::Error) -> bool {
    [Errno::ENOENT, Errno::ESRCH].contains(&Errno::from_raw(error.raw_os_error().unwrap_or(0)))
}

/// Whether a thread with this /proc/PID/stat may still run code of the program.
fn is_alive(stat: &str) -> bool {
    const PF_EXITING: u32 = 4;
    // The second field is a name in parentheses, which may hold anything; the flags are the ninth, see
    // proc_pid_stat(5).
    let flags = stat
        .rsplit_once(") ")
        .and_then(|(_, fields)| fields.split(' ').nth(6)?.parse::<u32>().ok());
    flags.is_none_or(|flags| flags & PF_EXITING == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_on_its_way_out_does_not_count() {
        assert!(is_alive(&fs::read_to_string("/proc/thread-self/stat").unwrap()));
        assert!(is_alive("10 (a) b) S 1 10 10 0 -1 4194304 117 0"));
        assert!(!is_alive("10 (a) b) R 1 10 10 0 -1 4194308 117 0"));
        assert!(is_alive(""), "in doubt, no fork");
    }
}
