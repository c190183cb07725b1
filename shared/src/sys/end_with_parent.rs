//! A program that ends with the process that has started it.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getppid};

/// What the command starts is killed when the thread that starts it ends; see PR_SET_PDEATHSIG(2const).
pub(crate) fn end_with_parent(command: &mut Command) {
    let parent = getpid();
    let arm = move || {
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        // A parent that had gone before the call sends no signal any more.
        if getppid() == parent { Ok(()) } else { Err(io::Error::from(Errno::ESRCH)) }
    };
    // SAFETY: between fork and exec the closure makes two system calls, and uses neither heap nor locks, so it may run
    // in the child of a threaded process.
    unsafe { command.pre_exec(arm) };
}
