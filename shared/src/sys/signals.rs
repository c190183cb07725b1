//! A signal that this program may inherit as ignored.

use nix::libc::{SIG_DFL, SIGCHLD, signal};

/// Lets a child that has ended remain until it is waited for. Where SIGCHLD is ignored, the system reaps children
/// itself, and their status is lost. A program inherits this from the one that starts it.
pub(crate) fn keep_ended_children() {
    // SAFETY: SIG_DFL runs no code of this program, so nothing needs to be async-signal-safe.
    unsafe { signal(SIGCHLD, SIG_DFL) };
}
