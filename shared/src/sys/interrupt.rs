//! Ctrl-C leaves one line on the terminal, however many processes the scene has.

use std::ffi::c_int;
use std::process;

use super::leader::{announce_end, exit_now, is_leader, say};

/// The same numbers on every Unix that Rust runs on.
pub(crate) const SIGINT: c_int = 2;
const SIG_DFL: usize = 0;
const SIG_IGN: usize = 1;

// Declared here since the `libc` crate would be the only dependency of the chapter thread.
unsafe extern "C" {
    fn signal(number: c_int, handler: usize) -> usize;
    fn raise(number: c_int) -> c_int;
}

/// From now on SIGINT ends this process with one line on stderr. Its parent still sees that SIGINT killed it.
pub(crate) fn announce_interrupt() {
    let handler = interrupted as extern "C" fn(c_int);
    // SAFETY: the declaration matches POSIX's signal(2), a handler being as wide as a pointer, and `interrupted` may
    // run at any moment.
    unsafe {
        if signal(SIGINT, handler as usize) == SIG_IGN {
            signal(SIGINT, SIG_IGN); // The program that started this one wants it to go on.
        }
    }
}

/// Forked children inherit the handler, and end without a line.
extern "C" fn interrupted(number: c_int) {
    if is_leader() {
        announce_end();
        say(b"interrupted\n");
    }
    // The first process of a container is never killed by its own signal: the kernel drops it.
    if process::id() == 1 {
        exit_now(128 + number);
    }
    // SAFETY: the declarations match POSIX, and both calls are async-signal-safe. The raised signal arrives when this
    // function has returned, and ends the process.
    unsafe {
        signal(number, SIG_DFL);
        raise(number);
    }
}
