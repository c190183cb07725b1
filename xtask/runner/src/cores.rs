//! The cores of the machine: which there are, and how a thread stays on one.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The cores that this thread may use.
pub(crate) fn usable() -> Vec<usize> {
    match sched_getaffinity(Pid::from_raw(0)) {
        Ok(set) => (0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).collect(),
        Err(_) => Vec::new(),
    }
}

/// Confines this thread to one core. Where that is forbidden it stays where it is.
pub(crate) fn stay_on(core: usize) {
    let mut set = CpuSet::new();
    if set.set(core).is_ok() {
        _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}
