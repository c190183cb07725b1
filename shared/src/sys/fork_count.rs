//! How often fork has returned in the child, on the way from the first process to this one.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::libc;

static FORKS: AtomicU32 = AtomicU32::new(0);
static REGISTER: Once = Once::new();

/// A number that differs between a process and its forked children. Counts from the first call on, whichever code
/// forks: [`fork`](crate::fork()), nix or C. Costs less than getpid, which is a system call.
pub(crate) fn fork_count() -> u32 {
    REGISTER.call_once(|| {
        // SAFETY: the handler may run at any time in a child, where only async-signal-safe calls are allowed: it adds to an
        // atomic number. It is never unloaded.
        let status = unsafe { libc::pthread_atfork(None, None, Some(count)) };
        assert_eq!(status, 0, "pthread_atfork: no memory left");
    });
    FORKS.load(Ordering::Relaxed)
}

extern "C" fn count() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}
