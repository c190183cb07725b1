//! A process that is killed when the process that started it ends, however that comes about.
//!
//! The kernel has a parent-death signal, but forgets it when a process changes its user or group, or runs a set-uid
//! program; see PR_SET_PDEATHSIG(2const). So a child is also tied to a pipe that its parent alone keeps open. Each end
//! of a pipe can be asked to send a signal when something happens to it (O_ASYNC, F_SETSIG and F_SETOWN in fcntl(2)).
//! When the parent ends, the kernel closes both ends, in an order that it does not promise. The one that is closed
//! first makes the other one send SIGKILL. The child does nothing for this.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use nix::errno::Errno;
use nix::libc;
use rustix::process::{Signal, getpid, set_parent_process_death_signal};

use super::fork_count::forks_begun;

/// From Linux's include/uapi/asm-generic/fcntl.h; the crate libc does not have it.
const F_SETSIG: libc::c_int = 10;

/// Both ends of a pipe that nothing is ever written to.
#[derive(Debug)]
pub(crate) struct Lifeline {
    /// Of a type whose methods are compiled into [`tie`](Self::tie). Each page of code elsewhere that a child touches
    /// must be mapped for it first.
    ends: [OwnedFd; 2],
    /// [`forks_begun`] when no other process had a copy of an end.
    forks: u32,
}

impl Lifeline {
    /// Made in the parent, before it forks.
    pub(crate) fn new() -> io::Result<Self> {
        let forks = forks_begun();
        let (reader, writer) = io::pipe()?;
        let lifeline = Self { ends: [reader.into(), writer.into()], forks };
        lifeline.set(F_SETSIG, libc::SIGKILL)?;
        lifeline.set(libc::F_SETFL, libc::O_ASYNC)?; // No signal is sent before there is an owner.
        Ok(lifeline)
    }

    /// The lifeline of a child that has been reaped, for the next child. `forks` is [`forks_begun`] from a time when no
    /// other process had a copy of an end.
    ///
    /// Until the next child is the owner, the former one is. The kernel can send that one no signal any more, and does
    /// not confuse it with another process that has got its pid.
    pub(crate) fn reuse(ends: [OwnedFd; 2], forks: u32) -> Self {
        Self { ends, forks }
    }

    /// [`forks_begun`] from the fork of the child on, if this process forks no other one before or after it.
    pub(crate) fn forks(&self) -> u32 {
        self.forks + 1
    }

    /// Runs in the child: from here on it ends with its parent. If the parent has ended already, the child does so
    /// here, since it closes the last copy.
    pub(crate) fn tie(self) -> io::Result<()> {
        // The first process of a new PID namespace ignores a signal from a pipe, and obeys this one. Where it is
        // forbidden, the pipe is enough.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
        self.set_owner(getpid().as_raw_pid())
    }

    /// Ties the program that the command starts next, and all processes of its group. The command must start it in
    /// its own group.
    ///
    /// A command keeps what it is given here for ever. A later start finds that this lifeline has gone.
    pub(crate) fn tie_program(self: &Arc<Self>, command: &mut Command) {
        let lifeline = Arc::downgrade(self);
        let tie = move || match lifeline.upgrade() {
            Some(lifeline) => lifeline.set_owner(-getpid().as_raw_pid()), // Below 0, it names a group.
            None => Ok(()),
        };
        // SAFETY: between fork and exec the closure makes system calls and counts references. It uses neither heap nor
        // locks: the parent has a reference too, so none is the last. So it may run in the child of a threaded process.
        unsafe { command.pre_exec(tie) };
    }

    /// The ends, to be kept by the parent until the child has ended.
    pub(crate) fn into_ends(self) -> [OwnedFd; 2] {
        self.ends
    }

    /// Whom the ends send their signal to: a process, or below 0 a group.
    ///
    /// The kernel notes whose user asks for it. It sends the signal with that user's rights, so root's child can be
    /// killed whatever user it becomes.
    fn set_owner(&self, owner: libc::pid_t) -> io::Result<()> {
        self.set(libc::F_SETOWN, owner)
    }

    fn set(&self, command: libc::c_int, argument: libc::c_int) -> io::Result<()> {
        for end in &self.ends {
            // SAFETY: the descriptor is open, and each command of this file takes a number and no pointer.
            Errno::result(unsafe { libc::fcntl(end.as_raw_fd(), command, argument) })?;
        }
        Ok(())
    }
}
