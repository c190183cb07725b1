//! A write to a pipe whose reader has gone: an error for the caller, not the end of the process.

use std::os::fd::AsFd;
use std::ptr;

use nix::libc;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use rustix::io::{Errno, write};

/// Mirrors write(2), but only returns EPIPE and raises no SIGPIPE, whether or not this process handles that signal.
pub(crate) fn write_quietly(pipe: impl AsFd, bytes: &[u8]) -> Result<usize, Errno> {
    let sigpipe = SigSet::from_iter([Signal::SIGPIPE]);
    let errno = |errno: nix::errno::Errno| Errno::from_raw_os_error(errno as i32);
    let before = sigpipe.thread_swap_mask(SigmaskHow::SIG_BLOCK).map_err(errno)?;
    let written = write(pipe, bytes);
    // The signal is pending until this thread unblocks it, here or in the caller: discard it first.
    if written == Err(Errno::PIPE) {
        let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: both pointers are valid during the call, and a null pointer asks for no siginfo.
        unsafe { libc::sigtimedwait(sigpipe.as_ref(), ptr::null_mut(), &now) };
    }
    before.thread_set_mask().map_err(errno)?;
    written
}
