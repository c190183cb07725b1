//! The cores of the machine: lists them, and keeps a thread on one of them.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The cores that this thread may use.
pub(crate) fn usable() -> Vec<usize> {
    set_of(Pid::from_raw(0)).map_or(Vec::new(), |set| list(&set))
}

/// The cores that a thread may use; none if it has ended.
pub(crate) fn set_of(thread: Pid) -> Option<CpuSet> {
    sched_getaffinity(thread).ok()
}

/// The numbers of the cores in a set.
pub(crate) fn list(set: &CpuSet) -> Vec<usize> {
    (0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).collect()
}

/// Confines this thread to one core. If that is forbidden, nothing changes.
pub(crate) fn stay_on(core: usize) {
    let mut set = CpuSet::new();
    if set.set(core).is_ok() {
        _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}
