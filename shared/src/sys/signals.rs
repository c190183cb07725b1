//! Signals back to their defaults, whatever this program was started with.

use std::ffi::c_int;

/// The same number on every Unix that Rust runs on.
pub(crate) const SIGPIPE: c_int = 13;
const SIG_DFL: usize = 0;

// Declared here since the `libc` crate would be the only dependency of the thread chapters.
unsafe extern "C" {
    fn signal(number: c_int, handler: usize) -> usize;
}

/// A write to a closed pipe ends the program quietly, as it does in C: Rust's start-up code has SIGPIPE ignored, and
/// then `println!` panics. And a child that has ended stays until it is waited for: where SIGCHLD is ignored, which a
/// program inherits from whoever starts it, the system reaps children itself, and each join fails.
pub(crate) fn default_signals() {
    let set = |number| {
        // SAFETY: the declaration matches POSIX's signal(2), a handler being as wide as a pointer. SIG_DFL runs no code
        // of this program, so nothing needs to be async-signal-safe.
        unsafe { signal(number, SIG_DFL) };
    };
    set(SIGPIPE);
    #[cfg(all(feature = "processes", target_os = "linux"))]
    set(nix::libc::SIGCHLD);
}
