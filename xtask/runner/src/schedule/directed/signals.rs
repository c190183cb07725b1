//! Signals that a held thread has not taken yet.

use std::fs;

/// The signals of a thread, each as one bit. See proc_pid_status(5).
struct Masks {
    own: u64,
    /// Those that any thread of its process may take.
    shared: u64,
    blocked: u64,
    caught: u64,
}

impl Masks {
    fn of(tid: i32) -> Self {
        let status = fs::read_to_string(format!("/proc/{tid}/status")).unwrap_or_default();
        let mask = |name: &str| {
            let mask = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
        };
        let [own, shared, blocked, caught] = ["SigPnd:", "ShdPnd:", "SigBlk:", "SigCgt:"].map(mask);
        Self { own, shared, blocked, caught }
    }
}

/// Whether a handler of the thread will run as soon as its call is over. A wait that it is held in would be interrupted.
pub(super) fn is_interrupted(pid: i32, tid: i32) -> bool {
    let Masks { own, shared, blocked, caught } = Masks::of(tid);
    let handled = caught & !blocked;
    let shared = match shared & handled {
        0 => 0,
        // The main thread comes first.
        shared if tid != pid => shared & Masks::of(pid).blocked,
        shared => shared,
    };
    own & handled != 0 || shared != 0
}
