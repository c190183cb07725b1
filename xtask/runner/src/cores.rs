//! The cores of the machine: lists them, and keeps a thread on one of them.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The cores that this thread may use.
pub(crate) fn usable() -> Vec<usize> {
    usable_by(Pid::from_raw(0))
}

/// The cores that a thread may use. None if it has ended.
pub(crate) fn usable_by(thread: Pid) -> Vec<usize> {
    match sched_getaffinity(thread) {
        Ok(set) => (0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).collect(),
        Err(_) => Vec::new(),
    }
}

/// Confines this thread to one core. If that is forbidden, nothing changes.
pub(crate) fn stay_on(core: usize) {
    let mut set = CpuSet::new();
    if set.set(core).is_ok() {
        _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}
