//! A program that ends with the process that has started it.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicI32, Ordering};

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getppid};

/// The process that starts programs. Not kept in the command: that remembers all it is told, and a forked child may have
/// a copy that was started by the parent before.
static STARTER: AtomicI32 = AtomicI32::new(0);

/// What the command starts is killed when the thread that starts it ends; see PR_SET_PDEATHSIG(2const).
pub(crate) fn end_with_parent(command: &mut Command) {
    STARTER.store(getpid().as_raw(), Ordering::Relaxed);
    let arm = || {
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        // A parent that had gone before the call sends no signal any more.
        let has_parent = getppid().as_raw() == STARTER.load(Ordering::Relaxed);
        if has_parent { Ok(()) } else { Err(io::Error::from(Errno::ESRCH)) }
    };
    // SAFETY: between fork and exec the closure makes two system calls, and uses neither heap nor locks, so it may run
    // in the child of a threaded process.
    unsafe { command.pre_exec(arm) };
}
