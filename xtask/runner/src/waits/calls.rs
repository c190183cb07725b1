//! What a system call waits for. The numbers are libc's, so that they are right on every architecture. Calls that only
//! older architectures have are in a separate function.

use nix::libc;

use crate::syscall::Syscall;

/// What a thread in a system call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first argument is the descriptor, here and in the next three variants.
    Read,
    Write,
    Accept,
    Connect,
    /// The first argument is the descriptor that is read, the third one where the bytes go. The place in the kernel
    /// says whether it waits for a pipe, and for what.
    Splice,
    /// The first argument is the child.
    Wait4,
    /// The second argument is the child or its pidfd, if the first argument says so.
    Waitid,
    /// The first argument is a list of `pollfd`, the second one its length.
    Poll,
    /// A child; which one is not known.
    Child,
    Futex,
    Events,
    Signal,
    FileLock,
    Queue,
    Pause,
    /// A pause, a poll or a futex with a timeout, which a signal has interrupted.
    Restarted,
}

/// The kind, by the number of the call.
pub(super) fn kind(number: i64) -> Option<Kind> {
    Some(match number {
        libc::SYS_read | libc::SYS_readv => Kind::Read,
        libc::SYS_recvfrom | libc::SYS_recvmsg | libc::SYS_recvmmsg => Kind::Read,
        libc::SYS_write | libc::SYS_writev | libc::SYS_sendfile | libc::SYS_vmsplice => Kind::Write,
        libc::SYS_sendto | libc::SYS_sendmsg | libc::SYS_sendmmsg => Kind::Write,
        libc::SYS_splice => Kind::Splice,
        libc::SYS_accept | libc::SYS_accept4 => Kind::Accept,
        libc::SYS_connect => Kind::Connect,
        libc::SYS_wait4 => Kind::Wait4,
        libc::SYS_waitid => Kind::Waitid,
        libc::SYS_futex | libc::SYS_futex_waitv => Kind::Futex,
        libc::SYS_ppoll => Kind::Poll,
        libc::SYS_pselect6 | libc::SYS_epoll_pwait => Kind::Events,
        libc::SYS_rt_sigsuspend | libc::SYS_rt_sigtimedwait => Kind::Signal,
        // Only F_SETLKW waits among fcntl's commands.
        libc::SYS_flock | libc::SYS_fcntl => Kind::FileLock,
        libc::SYS_semop | libc::SYS_semtimedop | libc::SYS_msgrcv | libc::SYS_msgsnd => Kind::Queue,
        libc::SYS_mq_timedreceive | libc::SYS_mq_timedsend => Kind::Queue,
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => Kind::Pause,
        _ => return older(number),
    })
}

#[cfg(target_arch = "x86_64")]
fn older(number: i64) -> Option<Kind> {
    Some(match number {
        libc::SYS_poll => Kind::Poll,
        libc::SYS_select | libc::SYS_epoll_wait => Kind::Events,
        libc::SYS_pause => Kind::Signal,
        // In vfork, the parent waits until the child runs another program or ends.
        libc::SYS_vfork => Kind::Child,
        _ => return None,
    })
}

#[cfg(not(target_arch = "x86_64"))]
fn older(_: i64) -> Option<Kind> {
    None
}

/// Whether the call ends by itself after some time, by its number and its arguments. Calls are left out that a director
/// holds if they have a timeout.
pub(super) fn has_timeout(call: &Syscall) -> bool {
    let Some(number) = call.number else { return false };
    let argument = |at: usize| call.argument(at);
    match number {
        // A pointer to the timeout, or none.
        libc::SYS_rt_sigtimedwait => argument(2) != 0,
        libc::SYS_semtimedop | libc::SYS_epoll_pwait2 => argument(3) != 0,
        libc::SYS_futex | libc::SYS_futex_waitv => argument(3) != 0,
        libc::SYS_pselect6 | libc::SYS_mq_timedreceive | libc::SYS_mq_timedsend => argument(4) != 0,
        // Milliseconds; a negative number is none.
        libc::SYS_epoll_pwait => argument(3) as i32 >= 0,
        // Only a call with a timeout is restarted under this number.
        libc::SYS_restart_syscall => true,
        _ => has_timeout_in_older(number, &argument),
    }
}

#[cfg(target_arch = "x86_64")]
fn has_timeout_in_older(number: i64, argument: &dyn Fn(usize) -> u64) -> bool {
    match number {
        libc::SYS_select => argument(4) != 0,
        libc::SYS_epoll_wait => argument(3) as i32 >= 0,
        _ => false,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn has_timeout_in_older(_: i64, _: &dyn Fn(usize) -> u64) -> bool {
    false
}

/// The kind by the number alone, for a call whose place in the kernel says nothing.
pub(super) fn kind_of_restarted(number: i64) -> Option<Kind> {
    (number == libc::SYS_restart_syscall).then_some(Kind::Restarted)
}

/// The kind by the kernel function in which the thread sleeps, for calls that go on under another number, or if the
/// number cannot be read. This does not say which descriptor it is.
pub(super) fn kind_of_place(place: &str) -> Option<Kind> {
    let places = [
        ("nanosleep", Kind::Pause),
        ("futex", Kind::Futex),
        ("do_wait", Kind::Child),
        ("poll", Kind::Events),
        ("do_select", Kind::Events),
        ("sigsuspend", Kind::Signal),
        ("sigtimedwait", Kind::Signal),
    ];
    places.into_iter().find(|(part, _)| place.contains(part)).map(|(_, kind)| kind)
}
