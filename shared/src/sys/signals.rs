//! A signal that this program may inherit as ignored.

use nix::libc::{SIG_DFL, SIGCHLD, signal};

/// A child that has ended stays until it is waited for. Where SIGCHLD is ignored, which a program inherits from the one
/// that starts it, the system reaps children itself, and each join fails.
pub(crate) fn keep_ended_children() {
    // SAFETY: SIG_DFL runs no code of this program, so nothing needs to be async-signal-safe.
    unsafe { signal(SIGCHLD, SIG_DFL) };
}
