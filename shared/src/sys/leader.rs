//! The process that plays a scene, and how any process of the scene ends the scene.
//!
//! The processes of a scene wait for each other. If a child that cannot print only ended itself, its parent might wait
//! for ever, for example for an event that the child was to set. So the child sends the leader a signal, and the leader
//! ends. The system then kills the processes that the leader has started.

use std::ffi::{c_int, c_void};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The exit status of a scene that cannot print. A shell gives the same one for SIGPIPE: 128 and the signal's number.
pub(crate) const UNREAD: u8 = 141;

const STDERR: c_int = 2;

// Declared here since the `libc` crate would be the only dependency of the chapter thread.
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

/// Whether this process plays the scene itself. Async-signal-safe.
pub(super) fn is_leader() -> bool {
    process::id() == LEADER.load(Ordering::Relaxed)
}

/// Ends the scene, whichever of its processes calls. Async-signal-safe.
///
/// If the reader has gone, it ends without a word. For any other cause, such as a full disk, the leader prints a line.
pub(crate) fn end_scene(reader_has_gone: bool) -> ! {
    static HAS_SPOKEN: AtomicBool = AtomicBool::new(false);

    #[cfg(all(feature = "processes", target_os = "linux"))]
    if !is_leader() {
        notice::send();
        exit_now(UNREAD.into());
    }
    announce_end();
    if !reader_has_gone && !HAS_SPOKEN.swap(true, Ordering::Relaxed) {
        say(b"cannot write to stdout: the scene ends\n");
    }
    exit_now(UNREAD.into())
}

/// Called by the leader before it ends the scene. Async-signal-safe.
///
/// The system kills the other processes one after the other. One of them may get a lock meanwhile because the holder
/// was killed first, and must not report that: see [`scene_is_ending`].
pub(super) fn announce_end() {
    #[cfg(all(feature = "processes", target_os = "linux"))]
    notice::announce_end();
}

/// Writes a line to stderr, if that is possible. Async-signal-safe.
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
pub(crate) use notice::{reader_has_gone, scene_is_ending};

/// A child notifies the leader with SIGPIPE, the signal of a write to a pipe without a reader.
#[cfg(all(feature = "processes", target_os = "linux"))]
mod notice {
    use std::os::fd::{BorrowedFd, OwnedFd};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};

    use nix::libc::{self, c_int, c_void, siginfo_t};
    use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
    use nix::sys::stat::fstat;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{PidfdFlags, getpid, pidfd_open, pidfd_send_signal};

    use crate::sys::Shared;

    /// Refers to the leader. A pid would not do: when an orphan prints, the leader's may belong to some other process.
    static PIDFD: OnceLock<OwnedFd> = OnceLock::new();

    /// Which file the leader's stdout is.
    static STDOUT: OnceLock<FileId> = OnceLock::new();

    /// Set when the leader ends the scene, and shared with all its processes.
    static IS_ENDING: OnceLock<Shared<AtomicBool>> = OnceLock::new();

    /// A device and an inode.
    type FileId = (u64, u64);

    /// How long a child waits to be killed once it has notified the leader. Until then it keeps its locks, so no other
    /// process reports that their holder died.
    const END_TIMEOUT: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

    /// Installs the handler, which forked children inherit and started programs do not.
    pub(super) fn listen() {
        if let Ok(pidfd) = pidfd_open(getpid(), PidfdFlags::empty()) {
            let _ = PIDFD.set(pidfd);
        }
        if let Some(file) = stdout_file() {
            let _ = STDOUT.set(file);
        }
        if let Ok(flag) = Shared::new(AtomicBool::new(false)) {
            let _ = IS_ENDING.set(flag);
        }
        let handler = SigHandler::SigAction(handle);
        let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
        // SAFETY: `handle` and the functions that it calls only make system calls and read what is initialised above.
        unsafe { sigaction(Signal::SIGPIPE, &action) }.expect("SIGPIPE may have a handler");
    }

    pub(super) fn announce_end() {
        if let Some(flag) = IS_ENDING.get() {
            flag.get().store(true, Ordering::SeqCst);
        }
    }

    /// Whether the leader is ending the scene. An error of any other process is then a consequence of that.
    pub(crate) fn scene_is_ending() -> bool {
        IS_ENDING.get().is_some_and(|flag| flag.get().load(Ordering::SeqCst))
    }

    /// Notifies the leader and waits for its end. A child whose stdout is another file than the leader's ends alone.
    pub(super) fn send() {
        if let Some(pidfd) = PIDFD.get()
            && stdout_file() == STDOUT.get().copied()
            && pidfd_send_signal(pidfd, rustix::process::Signal::PIPE).is_ok()
        {
            let _ = poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&END_TIMEOUT));
        }
    }

    /// Whether stdout is a pipe without a reader. Async-signal-safe.
    pub(crate) fn reader_has_gone() -> bool {
        let mut stdout = [PollFd::from_borrowed_fd(stdout(), PollFlags::empty())];
        let polled = poll(&mut stdout, Some(&Timespec::default()));
        polled.is_ok() && stdout[0].revents().contains(PollFlags::ERR)
    }

    fn stdout_file() -> Option<FileId> {
        let file = fstat(stdout()).ok()?;
        Some((file.st_dev, file.st_ino))
    }

    /// Not `io::stdout()`: its first use initialises it, which a signal handler must not do.
    fn stdout() -> BorrowedFd<'static> {
        // SAFETY: std opens descriptor 1 at the start if it is closed, and keeps it open.
        unsafe { BorrowedFd::borrow_raw(libc::STDOUT_FILENO) }
    }

    extern "C" fn handle(_: c_int, info: *mut siginfo_t, _: *mut c_void) {
        // SAFETY: the kernel passes a valid siginfo_t, and for SIGPIPE it contains the sender's pid.
        let sender = unsafe { (*info).si_pid() };
        // SAFETY: getpid has no preconditions.
        let is_own_write = sender == unsafe { libc::getpid() };
        let has_gone = reader_has_gone();
        if has_gone || (!is_own_write && super::is_leader()) {
            super::end_scene(has_gone);
        }
        // Our own write to some other pipe returns EPIPE. A signal from elsewhere ends a child, as it does by default.
        if !is_own_write {
            super::exit_now(super::UNREAD.into());
        }
    }
}
