//! The process that plays a scene, and how any process of the scene ends the scene.
//!
//! A scene may have many processes, and they wait for each other. One that cannot print must not simply end: its parent
//! might wait for ever for an event that this process was to set. So it tells the leader, and the leader ends. The
//! system then kills what the leader has started.

use std::ffi::{c_int, c_void};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The exit status of a scene whose output cannot be written: that of a shell for SIGPIPE, 128 and the signal's number.
pub(crate) const UNREAD: u8 = 141;

const STDERR: c_int = 2;

// Declared here since the `libc` crate would be the only dependency of the thread chapters.
unsafe extern "C" {
    fn _exit(status: c_int) -> !;
    fn write(descriptor: c_int, bytes: *const c_void, length: usize) -> isize;
}

/// The leader's pid. Forked children inherit it.
static LEADER: AtomicU32 = AtomicU32::new(0);

/// Makes this process the leader of the scene that it is going to play.
pub(crate) fn lead() {
    LEADER.store(process::id(), Ordering::Relaxed);
    #[cfg(all(feature = "processes", target_os = "linux"))]
    notice::listen();
}

/// Async-signal-safe.
pub(super) fn is_leader() -> bool {
    process::id() == LEADER.load(Ordering::Relaxed)
}

/// Ends the scene, whichever of its processes calls. Async-signal-safe.
///
/// Where the reader has gone, no one wants to hear of it. Any other reason, such as a full disk, is worth a line.
pub(crate) fn end_scene(reader_has_gone: bool) -> ! {
    static HAS_SPOKEN: AtomicBool = AtomicBool::new(false);

    #[cfg(all(feature = "processes", target_os = "linux"))]
    if !is_leader() {
        notice::send();
        exit_now(UNREAD.into());
    }
    if !reader_has_gone && !HAS_SPOKEN.swap(true, Ordering::Relaxed) {
        say(b"cannot write to stdout: the scene ends\n");
    }
    exit_now(UNREAD.into())
}

/// Writes a line to stderr, as far as that is possible. Async-signal-safe.
pub(super) fn say(line: &'static [u8]) {
    // SAFETY: the declaration matches POSIX's write(2), and the bytes are static.
    unsafe { write(STDERR, line.as_ptr().cast(), line.len()) };
}

/// Ends the process at once: no destructor, no exit handler, no buffer written. Async-signal-safe.
pub(crate) fn exit_now(status: i32) -> ! {
    // SAFETY: the declaration matches POSIX's _exit(2), which may be called in any state of the process.
    unsafe { _exit(status) }
}

#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use notice::reader_has_gone;

/// How a child tells the leader: it sends SIGPIPE, the signal of a write that no one reads.
#[cfg(all(feature = "processes", target_os = "linux"))]
mod notice {
    use std::os::fd::{BorrowedFd, OwnedFd};
    use std::sync::OnceLock;

    use nix::libc::{self, c_int, c_void, siginfo_t};
    use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
    use nix::sys::stat::fstat;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{PidfdFlags, getpid, pidfd_open, pidfd_send_signal};

    /// The leader's. A number would not do: an orphan lives on when the leader's pid may be a stranger's.
    static PIDFD: OnceLock<OwnedFd> = OnceLock::new();

    /// The leader's stdout.
    static STDOUT: OnceLock<File> = OnceLock::new();

    /// Which file a descriptor leads to: its device and its inode.
    type File = (u64, u64);

    /// How long a child that has told the leader waits for being killed. What it holds stays held until then, so that
    /// the others do not complain about its end.
    const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

    /// Installs the handler, which forked children inherit and started programs do not.
    pub(super) fn listen() {
        if let Ok(pidfd) = pidfd_open(getpid(), PidfdFlags::empty()) {
            let _ = PIDFD.set(pidfd);
        }
        if let Some(file) = stdout_file() {
            let _ = STDOUT.set(file);
        }
        let handler = SigHandler::SigAction(hear);
        let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
        // SAFETY: `hear` and what it calls make system calls only, and read what was written before there was a handler.
        unsafe { sigaction(Signal::SIGPIPE, &action) }.expect("SIGPIPE may have a handler");
    }

    /// A child that has put some other pipe in the place of its stdout ends alone.
    pub(super) fn send() {
        if let Some(pidfd) = PIDFD.get()
            && stdout_file() == STDOUT.get().copied()
            && pidfd_send_signal(pidfd, rustix::process::Signal::PIPE).is_ok()
        {
            let _ = poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&PATIENCE));
        }
    }

    /// Whether stdout is a pipe that was closed at its other end. Async-signal-safe.
    pub(crate) fn reader_has_gone() -> bool {
        let mut stdout = [PollFd::from_borrowed_fd(stdout(), PollFlags::empty())];
        let polled = poll(&mut stdout, Some(&Timespec::default()));
        polled.is_ok() && stdout[0].revents().contains(PollFlags::ERR)
    }

    fn stdout_file() -> Option<File> {
        let file = fstat(stdout()).ok()?;
        Some((file.st_dev, file.st_ino))
    }

    /// std's own handle may have been initialised by no one yet, which a signal handler must not do.
    fn stdout() -> BorrowedFd<'static> {
        // SAFETY: std opens descriptor 1 where it was closed, and no one closes it.
        unsafe { BorrowedFd::borrow_raw(libc::STDOUT_FILENO) }
    }

    extern "C" fn hear(_: c_int, info: *mut siginfo_t, _: *mut c_void) {
        // SAFETY: the kernel passes a valid siginfo_t, in which a SIGPIPE has the sender's pid.
        let sender = unsafe { (*info).si_pid() };
        // SAFETY: getpid has no preconditions.
        let is_own_write = sender == unsafe { libc::getpid() };
        let has_gone = reader_has_gone();
        // A write of our own to some other pipe goes on, and returns EPIPE.
        if has_gone || !is_own_write {
            super::end_scene(has_gone);
        }
    }
}
