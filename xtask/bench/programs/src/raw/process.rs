//! fork(2), waitpid(2), and on which core to run.

use std::{io, mem, ptr};

/// A child of [`fork`].
pub struct Forked(libc::pid_t);

/// A child that does `work` and ends. It is killed if we end before it.
///
/// `work` runs in a copy of a process that has one thread; it neither returns into our frames nor unwinds into them.
pub fn fork(work: impl FnOnce()) -> Forked {
    // SAFETY: these programs fork while they have one thread.
    match unsafe { libc::fork() } {
        -1 => panic!("fork failed: {}", io::Error::last_os_error()),
        0 => {
            let _end = End;
            // SAFETY: sets a number of the process.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            work();
            // SAFETY: ends the process; nothing of it is needed any more.
            unsafe { libc::_exit(0) }
        }
        pid => Forked(pid),
    }
}

/// Ends a child that panics, when it is dropped.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        // SAFETY: ends the process; nothing of it is needed any more.
        unsafe { libc::_exit(101) }
    }
}

impl Forked {
    /// Its pid.
    pub fn pid(&self) -> u32 {
        self.0.cast_unsigned()
    }

    /// Waits until it has ended, which must have gone well.
    pub fn join(self) {
        assert_eq!(self.reap(), 0, "a forked child failed");
    }

    /// Ends it.
    pub fn kill(self) {
        // SAFETY: the pid is a child's that has not been reaped.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
        self.reap();
    }

    fn reap(&self) -> i32 {
        let mut status = 0;
        // SAFETY: the status is ours.
        let pid = unsafe { libc::waitpid(self.0, &raw mut status, 0) };
        assert_eq!(pid, self.0, "waitpid failed: {}", io::Error::last_os_error());
        status
    }
}

/// Stays on this core from now on, or anywhere if the machine does not have it.
pub fn pin(core: usize) {
    // SAFETY: a set of cores is a field of bits, and all zeros are the empty one.
    let mut cores: libc::cpu_set_t = unsafe { mem::zeroed() };
    // SAFETY: sets a bit of it.
    unsafe { libc::CPU_SET(core, &mut cores) };
    // SAFETY: the kernel reads the set, whose size we name.
    unsafe { libc::sched_setaffinity(0, size_of_val(&cores), ptr::from_ref(&cores)) };
}
