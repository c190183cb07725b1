//! The numbers of the system calls that are reported, and of their variants. They are libc's, so that they are right on
//! every architecture.

use nix::libc;

pub(super) const PRINTS: [i64; 2] = [libc::SYS_write, libc::SYS_writev];
/// The descriptors to which a program prints. The second one is stderr, which many a shell sends where stdout goes.
pub(super) const OUTPUTS: [i32; 2] = [libc::STDOUT_FILENO, libc::STDERR_FILENO];
pub(super) const FUTEX: i64 = libc::SYS_futex;
/// A thread's first call: glibc makes it for each new thread, child and program.
pub(super) const BEGIN: i64 = libc::SYS_set_robust_list;
pub(super) const EXIT: i64 = libc::SYS_exit_group;
pub(super) const SLEEP: i64 = libc::SYS_nanosleep;
pub(super) const CLOCK_SLEEP: i64 = libc::SYS_clock_nanosleep;
pub(super) const SIGNALS: [i64; 4] =
    [libc::SYS_kill, libc::SYS_tkill, libc::SYS_tgkill, libc::SYS_pidfd_send_signal];
pub(super) const PPOLL: i64 = libc::SYS_ppoll;
/// Only older architectures have these two. The second one is not reported.
#[cfg(target_arch = "x86_64")]
pub(super) const POLL: Option<i64> = Some(libc::SYS_poll);
#[cfg(target_arch = "x86_64")]
pub(super) const VFORK: Option<i64> = Some(libc::SYS_vfork);
#[cfg(not(target_arch = "x86_64"))]
pub(super) const POLL: Option<i64> = None;
#[cfg(not(target_arch = "x86_64"))]
pub(super) const VFORK: Option<i64> = None;

/// All but [`PRINTS`], [`FUTEX`] and [`POLL`], which are reported only with certain arguments.
pub(super) fn others() -> impl Iterator<Item = i64> {
    [BEGIN, EXIT, SLEEP, CLOCK_SLEEP, PPOLL].into_iter().chain(SIGNALS)
}

/// The part of futex's second argument that says what to do.
pub(super) const OPERATION: i32 = libc::FUTEX_CMD_MASK;
/// The operations that wait.
pub(super) const WAITS: [i32; 2] = [libc::FUTEX_WAIT, libc::FUTEX_WAIT_BITSET];
/// The operations that wake.
pub(super) const WAKES: [i32; 2] = [libc::FUTEX_WAKE, libc::FUTEX_WAKE_BITSET];
