//! fork(2), waitpid(2), and the choice of a core.

use std::{io, mem, ptr};

/// A child of [`fork`].
pub struct Forked(libc::pid_t);

/// Forks a child that does `work` and ends. It is killed if we end before it.
///
/// `work` runs in a copy of a process with one thread. It neither returns nor unwinds into our frames.
pub fn fork(work: impl FnOnce()) -> Forked {
    // SAFETY: these programs fork while they have one thread.
    match unsafe { libc::fork() } {
        -1 => panic!("fork failed: {}", io::Error::last_os_error()),
        0 => {
            let _end = End;
            // SAFETY: only sets an attribute of the process.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            work();
            // SAFETY: ends the process, and nothing in it is needed any more.
            unsafe { libc::_exit(0) }
        }
        pid => Forked(pid),
    }
}

/// Ends the child when it is dropped during a panic.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        // SAFETY: ends the process, and nothing in it is needed any more.
        unsafe { libc::_exit(101) }
    }
}

impl Forked {
    /// Its pid.
    pub fn pid(&self) -> u32 {
        self.0.cast_unsigned()
    }

    /// Waits until it has ended, with status 0.
    pub fn join(self) {
        assert_eq!(self.reap(), 0, "a forked child failed");
    }

    /// Ends it.
    pub fn kill(self) {
        // SAFETY: the pid belongs to a child that has not been reaped.
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

/// Stays on this core from now on, or on any core if the machine does not have it.
pub fn pin(core: usize) {
    // SAFETY: a set of cores is a bit field, and all zeros are the empty set.
    let mut cores: libc::cpu_set_t = unsafe { mem::zeroed() };
    // SAFETY: sets a bit in the set.
    unsafe { libc::CPU_SET(core, &mut cores) };
    // SAFETY: the kernel reads the set, whose size we pass.
    unsafe { libc::sched_setaffinity(0, size_of_val(&cores), ptr::from_ref(&cores)) };
}
