//! SIGCHLD, which decides what becomes of the status of a child that has ended.

use std::{mem, ptr};

use nix::libc::{SA_NOCLDWAIT, SIG_DFL, SIGCHLD, sigaction, signal};

/// Lets a child that has ended remain until it is waited for. Where SIGCHLD is ignored, the system reaps children
/// itself, and their status is lost. A program inherits this from the one that starts it.
pub(crate) fn keep_ended_children() {
    // SAFETY: SIG_DFL runs no code of this program, so nothing needs to be async-signal-safe.
    unsafe { signal(SIGCHLD, SIG_DFL) };
}

/// Whether SIGCHLD has a handler, which may wait for any child, or the system reaps children itself. See sigaction(2).
pub(crate) fn others_may_reap() -> bool {
    // SAFETY: all zeros are a valid sigaction: the default one.
    let mut action: sigaction = unsafe { mem::zeroed() };
    // SAFETY: without a new action the call only writes the present one to our variable.
    let status = unsafe { sigaction(SIGCHLD, ptr::null(), &raw mut action) };
    status != 0 || action.sa_sigaction != SIG_DFL || action.sa_flags & SA_NOCLDWAIT != 0
}
