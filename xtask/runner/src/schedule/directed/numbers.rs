//! The numbers of the system calls that are reported, and of their variants. They are libc's, so that they are right on
//! every architecture.

use nix::libc;

pub(super) const PRINTS: [i64; 2] = [libc::SYS_write, libc::SYS_writev];
/// The descriptors to which a program prints. The second one is stderr, which a script may redirect to its stdout.
pub(super) const OUTPUTS: [i32; 2] = [libc::STDOUT_FILENO, libc::STDERR_FILENO];
pub(super) const FUTEX: i64 = libc::SYS_futex;
/// A thread's first call: glibc makes it for each new thread, child and program.
pub(super) const BEGIN: i64 = libc::SYS_set_robust_list;
/// The calls that start threads and processes.
pub(super) const CLONE: i64 = libc::SYS_clone;
pub(super) const CLONE3: i64 = libc::SYS_clone3;
/// A thread's first call after it has started another one: signals were blocked meanwhile.
pub(super) const SIGNAL_MASK: i64 = libc::SYS_rt_sigprocmask;
/// The first call of a program that exec has started. A child that fork has made does not make it.
pub(super) const PROGRAM: i64 = libc::SYS_set_tid_address;
pub(super) const EXIT: i64 = libc::SYS_exit_group;
pub(super) const SLEEP: i64 = libc::SYS_nanosleep;
pub(super) const CLOCK_SLEEP: i64 = libc::SYS_clock_nanosleep;
pub(super) const SIGNALS: [i64; 4] =
    [libc::SYS_kill, libc::SYS_tkill, libc::SYS_tgkill, libc::SYS_pidfd_send_signal];
pub(super) const PPOLL: i64 = libc::SYS_ppoll;
pub(super) const RECEIVE: i64 = libc::SYS_recvfrom;
pub(super) const EPOLL_PWAIT: i64 = libc::SYS_epoll_pwait;
pub(super) const GET_CLOCK: i64 = libc::SYS_clock_gettime;
pub(super) const TIME_OF_DAY: i64 = libc::SYS_gettimeofday;
pub(super) const SET_ITIMER: i64 = libc::SYS_setitimer;
pub(super) const GET_ITIMER: i64 = libc::SYS_getitimer;
pub(super) const SET_TIMER: i64 = libc::SYS_timer_settime;
pub(super) const GET_TIMER: i64 = libc::SYS_timer_gettime;
pub(super) const SET_TIMERFD: i64 = libc::SYS_timerfd_settime;
pub(super) const GET_TIMERFD: i64 = libc::SYS_timerfd_gettime;
/// Only older architectures have these. The last one is not reported.
#[cfg(target_arch = "x86_64")]
pub(super) const POLL: Option<i64> = Some(libc::SYS_poll);
#[cfg(target_arch = "x86_64")]
pub(super) const EPOLL_WAIT: Option<i64> = Some(libc::SYS_epoll_wait);
#[cfg(target_arch = "x86_64")]
pub(super) const TIME: Option<i64> = Some(libc::SYS_time);
#[cfg(target_arch = "x86_64")]
pub(super) const ALARM: Option<i64> = Some(libc::SYS_alarm);
#[cfg(target_arch = "x86_64")]
pub(super) const VFORK: Option<i64> = Some(libc::SYS_vfork);
#[cfg(not(target_arch = "x86_64"))]
pub(super) const POLL: Option<i64> = None;
#[cfg(not(target_arch = "x86_64"))]
pub(super) const EPOLL_WAIT: Option<i64> = None;
#[cfg(not(target_arch = "x86_64"))]
pub(super) const TIME: Option<i64> = None;
#[cfg(not(target_arch = "x86_64"))]
pub(super) const ALARM: Option<i64> = None;
#[cfg(not(target_arch = "x86_64"))]
pub(super) const VFORK: Option<i64> = None;

/// The calls that wait for events of descriptors, and the number of the argument that is the timeout in milliseconds.
pub(super) fn polls() -> impl Iterator<Item = (i64, usize)> {
    let poll = POLL.map(|number| (number, 2));
    let epolls = EPOLL_WAIT.into_iter().chain([EPOLL_PWAIT]);
    poll.into_iter().chain(epolls.map(|number| (number, 3)))
}

/// The calls about clocks and timers, and the first argument with which they are about the clock of the run.
pub(super) const CLOCKS: [(i64, &[u32]); 3] =
    [(GET_CLOCK, &[0, 1, 4, 5, 6, 7]), (SET_ITIMER, &[0]), (GET_ITIMER, &[0])];

/// All but those that are reported only with certain arguments.
pub(super) fn others() -> impl Iterator<Item = i64> {
    let points = [BEGIN, PROGRAM, CLONE3, EXIT, SLEEP, CLOCK_SLEEP, PPOLL, RECEIVE];
    let timers = [TIME_OF_DAY, SET_TIMER, GET_TIMER, SET_TIMERFD, GET_TIMERFD];
    let older = TIME.into_iter().chain(ALARM);
    let polls = polls().map(|(number, _)| number);
    points.into_iter().chain(polls).chain(SIGNALS).chain(timers).chain(older)
}

/// The part of futex's second argument that says what to do.
pub(super) const OPERATION: i32 = libc::FUTEX_CMD_MASK;
/// The operations that wait.
pub(super) const WAITS: [i32; 2] = [libc::FUTEX_WAIT, libc::FUTEX_WAIT_BITSET];
/// The operations that wake.
pub(super) const WAKES: [i32; 2] = [libc::FUTEX_WAKE, libc::FUTEX_WAKE_BITSET];
