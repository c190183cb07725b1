//! A write to a pipe that nobody reads: an error for the caller, not the end of the process.

use std::os::fd::AsFd;
use std::ptr;

use nix::libc;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use rustix::io::{Errno, write};

/// write(2) that returns EPIPE and raises no SIGPIPE, whatever this process does on one.
pub(crate) fn write_quietly(pipe: impl AsFd, bytes: &[u8]) -> Result<usize, Errno> {
    let sigpipe = SigSet::from_iter([Signal::SIGPIPE]);
    let errno = |errno: nix::errno::Errno| Errno::from_raw_os_error(errno as i32);
    let before = sigpipe.thread_swap_mask(SigmaskHow::SIG_BLOCK).map_err(errno)?;
    let written = write(pipe, bytes);
    // The signal waits in this thread until it is unblocked, here or by our caller: take it away first.
    if written == Err(Errno::PIPE) {
        let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: both pointers are valid during the call, and it may be told to write no siginfo.
        unsafe { libc::sigtimedwait(sigpipe.as_ref(), ptr::null_mut(), &now) };
    }
    before.thread_set_mask().map_err(errno)?;
    written
}
