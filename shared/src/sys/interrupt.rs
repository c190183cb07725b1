//! What Ctrl-C leaves on the terminal: one line, however many processes the scene has.

use std::ffi::{c_int, c_void};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// The same numbers on every Unix that Rust runs on.
const SIGINT: c_int = 2;
const SIG_DFL: usize = 0;
const SIG_IGN: usize = 1;
const STDERR: c_int = 2;

// Declared here since the `libc` crate would be the only dependency of the thread chapters.
unsafe extern "C" {
    fn signal(number: c_int, handler: usize) -> usize;
    fn raise(number: c_int) -> c_int;
    fn write(descriptor: c_int, bytes: *const c_void, length: usize) -> isize;
}

/// The process that speaks. Its children inherit the handler, and end as quietly as they would without.
static SPEAKER: AtomicU32 = AtomicU32::new(0);

/// From now on SIGINT ends this process with one line on stderr; for the one who waits for it, it is killed by SIGINT
/// all the same.
pub(crate) fn tell_of_interrupt() {
    SPEAKER.store(process::id(), Ordering::Relaxed);
    let handler = interrupted as extern "C" fn(c_int);
    // SAFETY: the declaration matches POSIX's signal(2), a handler being as wide as a pointer, and `interrupted` is one
    // that may run at any moment.
    unsafe {
        if signal(SIGINT, handler as usize) == SIG_IGN {
            signal(SIGINT, SIG_IGN); // Whoever started this program wants it to go on.
        }
    }
}

extern "C" fn interrupted(number: c_int) {
    const LINE: &[u8] = b"interrupted\n";
    // SAFETY: getpid, write, signal and raise are async-signal-safe, and the bytes are static. The raised signal comes
    // when this function has returned, and ends the process.
    unsafe {
        if process::id() == SPEAKER.load(Ordering::Relaxed) {
            write(STDERR, LINE.as_ptr().cast(), LINE.len());
        }
        signal(number, SIG_DFL);
        raise(number);
    }
}
