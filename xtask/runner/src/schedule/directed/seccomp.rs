//! The kernel's interface for a director: it puts a filter on a thread, and reads and answers the calls that the filter
//! reports. See seccomp(2) and seccomp_unotify(2). It also sends the signal of a timer, as the kernel does. The only
//! unsafe code of this package is here.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::{
    self, SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
    SECCOMP_IOCTL_NOTIF_ID_VALID, SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND,
    SECCOMP_SET_MODE_FILTER, SECCOMP_USER_NOTIF_FLAG_CONTINUE, seccomp_data, seccomp_notif,
    seccomp_notif_resp, sock_filter, sock_fprog,
};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::prctl;
use nix::sys::time::TimeSpec;
use rustix::ioctl::{Opcode, Updater, ioctl};

/// Where the reported calls come out, and the answers go in. When it is closed, every call that is held fails with
/// ENOSYS.
pub(super) struct Listener(OwnedFd);

/// A call that a thread has made, and that the kernel holds until it is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    id: u64,
    pub(super) tid: i32,
    pub(super) number: i64,
    pub(super) arguments: [u64; 6],
}

impl Call {
    /// Its number, which no other call of the run has.
    pub(super) fn id(self) -> u64 {
        self.id
    }
}

/// Puts the filter on this thread, and on all threads and processes that it starts from now on. They cannot gain
/// privileges any more: a set-user-ID program runs without them.
///
/// A signal with a handler does not end a call that is held, otherwise the call would be made twice.
pub(super) fn listen(filter: &[sock_filter]) -> io::Result<Listener> {
    prctl::set_no_new_privs()?;
    let filter = sock_fprog {
        len: filter.len().try_into().map_err(|_| io::ErrorKind::InvalidInput)?,
        filter: filter.as_ptr().cast_mut(),
    };
    let flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    // SAFETY: the structure points to statements, whose number it has, and both live until the call returns. The kernel
    // only reads them.
    let fd = unsafe {
        libc::syscall(libc::SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &raw const filter)
    };
    let fd = Errno::result(fd)?;
    // SAFETY: the kernel has made this descriptor for us, and nothing else owns it.
    Ok(Listener(unsafe { OwnedFd::from_raw_fd(fd as i32) }))
}

impl Listener {
    /// Readable when there is a call.
    pub(super) fn source(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// The next call, if there is one. It does not wait.
    pub(super) fn next(&self) -> io::Result<Option<Call>> {
        while self.events(Some(Duration::ZERO))?.contains(PollFlags::POLLIN) {
            let data = seccomp_data { nr: 0, arch: 0, instruction_pointer: 0, args: [0; 6] };
            let mut call = seccomp_notif { id: 0, pid: 0, flags: 0, data };
            // SAFETY: the opcode is the one for this structure, which is zeroed, as the kernel demands.
            let received = retry(|| unsafe {
                ioctl(&self.0, Updater::<{ SECCOMP_IOCTL_NOTIF_RECV as Opcode }, _>::new(&mut call))
            });
            match received {
                Ok(()) => {
                    return Ok(Some(Call {
                        id: call.id,
                        tid: call.pid.cast_signed(),
                        number: call.data.nr.into(),
                        arguments: call.data.args,
                    }));
                }
                // Its thread has been killed meanwhile.
                Err(rustix::io::Errno::NOENT) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(None)
    }

    /// Waits for a call, or for this long. Returns false when no thread is left that could make one.
    pub(super) fn wait(&self, timeout: Option<Duration>) -> io::Result<bool> {
        Ok(!self.events(timeout)?.contains(PollFlags::POLLHUP))
    }

    fn events(&self, timeout: Option<Duration>) -> io::Result<PollFlags> {
        loop {
            let mut waits = [PollFd::new(self.source(), PollFlags::POLLIN)];
            match ppoll(&mut waits, timeout.map(TimeSpec::from), None) {
                Ok(_) => {
                    let events = waits[0].revents().unwrap_or(PollFlags::empty());
                    // The kernel reports an error if a signal comes while it looks.
                    if !events.contains(PollFlags::POLLERR) {
                        return Ok(events);
                    }
                }
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }

    /// Lets the kernel make the call.
    pub(super) fn permit(&self, call: Call) {
        self.send(call, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32);
    }

    /// Lets the call return `value`, or fail if it is negative, without being made.
    pub(super) fn answer(&self, call: Call, value: i64) {
        self.send(call, value, 0);
    }

    fn send(&self, Call { id, .. }: Call, value: i64, flags: u32) {
        let error = i32::try_from(value.min(0)).unwrap_or(-libc::EINVAL);
        let mut answer = seccomp_notif_resp { id, val: value.max(0), error, flags };
        // It fails if the thread has been killed meanwhile: then no one waits for an answer.
        // SAFETY: the opcode is the one for this structure.
        _ = retry(|| unsafe {
            ioctl(&self.0, Updater::<{ SECCOMP_IOCTL_NOTIF_SEND as Opcode }, _>::new(&mut answer))
        });
    }

    /// Whether the thread still waits in this call. It may have been killed.
    pub(super) fn holds(&self, call: Call) -> bool {
        let mut id = call.id;
        // SAFETY: the opcode is the one for a call's number, which the kernel only reads.
        let valid = retry(|| unsafe {
            ioctl(&self.0, Updater::<{ SECCOMP_IOCTL_NOTIF_ID_VALID as Opcode }, _>::new(&mut id))
        });
        valid.is_ok()
    }
}

/// What happens when a timer of a process ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expiry {
    pub(super) signal: i32,
    /// What comes with it.
    pub(super) value: u64,
    /// The thread that gets it, if it is a certain one.
    pub(super) thread: Option<i32>,
}

/// Sends the signal of a timer that timer_create has made.
///
/// # Errors
///
/// The process or the thread has ended.
pub(super) fn expire(pid: i32, timer: i32, expiry: &Expiry) -> io::Result<()> {
    /// The part of `siginfo_t` that a timer fills, and the rest.
    #[repr(C)]
    struct Information {
        signal: i32,
        errno: i32,
        code: i32,
        padding: i32,
        timer: i32,
        overrun: i32,
        value: u64,
        rest: [u64; 12],
    }
    const { assert!(size_of::<Information>() == size_of::<libc::siginfo_t>()) };
    const SI_TIMER: i32 = -2;
    let Expiry { signal, value, thread } = *expiry;
    let information = Information {
        signal,
        errno: 0,
        code: SI_TIMER,
        padding: 0,
        timer,
        overrun: 0,
        value,
        rest: [0; 12],
    };
    // SAFETY: the kernel only reads the structure, which has the size and the beginning of a `siginfo_t`, and lives
    // until the calls return.
    let sent = unsafe {
        let information = &raw const information;
        match thread {
            Some(tid) => libc::syscall(libc::SYS_rt_tgsigqueueinfo, pid, tid, signal, information),
            None => libc::syscall(libc::SYS_rt_sigqueueinfo, pid, signal, information),
        }
    };
    Errno::result(sent)?;
    Ok(())
}

/// A signal may interrupt each of these calls before it has done anything.
fn retry(mut call: impl FnMut() -> rustix::io::Result<()>) -> rustix::io::Result<()> {
    loop {
        match call() {
            Err(rustix::io::Errno::INTR) => {}
            result => return result,
        }
    }
}
