//! Signals that a held thread has not taken yet.

use nix::libc;

use crate::processes;

/// The signals of a thread, each as one bit. See proc_pid_status(5).
struct Masks {
    own: u64,
    /// Those that any thread of its process may take.
    shared: u64,
    blocked: u64,
    ignored: u64,
    caught: u64,
}

impl Masks {
    fn of(tid: i32) -> Self {
        let status = processes::text(&format!("/proc/{tid}/status")).unwrap_or_default();
        let mask = |name: &str| {
            let mask = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
        };
        let [own, shared] = ["SigPnd:", "ShdPnd:"].map(mask);
        let [blocked, ignored, caught] = ["SigBlk:", "SigIgn:", "SigCgt:"].map(mask);
        Self { own, shared, blocked, ignored, caught }
    }

    /// Whether this thread of the process will take one of these signals.
    fn takes(&self, pid: i32, tid: i32, signals: u64) -> bool {
        let signals = signals & !self.blocked;
        let shared = match self.shared & signals {
            0 => 0,
            // The main thread comes first.
            shared if tid != pid => shared & Masks::of(pid).blocked,
            shared => shared,
        };
        self.own & signals != 0 || shared != 0
    }
}

/// Whether a handler of the thread will run as soon as its call is over. A wait that it is held in would be
/// interrupted.
pub(super) fn is_interrupted(pid: i32, tid: i32) -> bool {
    let masks = Masks::of(tid);
    masks.takes(pid, tid, masks.caught)
}

/// Whether a signal ends the wait of the thread, or stops the thread. Others that end its process end it at once, even
/// if it is held.
pub(super) fn is_woken(pid: i32, tid: i32) -> bool {
    let masks = Masks::of(tid);
    let others = NOT_AT_ONCE.iter().fold(0, |all, signal| all | 1 << (signal - 1));
    masks.takes(pid, tid, masks.caught | others & !masks.ignored)
}

/// The signals that stop a process, or end it with a dump of its memory. A thread takes them after its call.
const NOT_AT_ONCE: [i32; 14] = [
    libc::SIGSTOP,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
    libc::SIGQUIT,
    libc::SIGILL,
    libc::SIGTRAP,
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGSEGV,
    libc::SIGSYS,
    libc::SIGXCPU,
    libc::SIGXFSZ,
];

#[cfg(test)]
mod tests {
    use std::thread;

    use nix::sys::prctl;
    use nix::unistd::gettid;

    use super::*;

    #[test]
    fn a_thread_with_a_name_that_is_no_text_has_signals() {
        let named = || {
            prctl::set_name(c"cut off \xe6").unwrap();
            Masks::of(gettid().as_raw())
        };
        let masks = thread::spawn(named).join().unwrap();
        assert!(masks.ignored & 1 << (libc::SIGPIPE - 1) != 0, "Rust ignores SIGPIPE");
    }
}
