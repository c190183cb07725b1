//! Signals that a held thread has not taken yet.

use std::fs;

/// Whether a handler of the thread will run as soon as its call is over. A wait that it is held in would be interrupted.
pub(super) fn is_interrupted(tid: i32) -> bool {
    let status = fs::read_to_string(format!("/proc/{tid}/status")).unwrap_or_default();
    let mask = |name: &str| {
        let mask = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
    };
    let pending = mask("SigPnd:") | mask("ShdPnd:");
    pending & !mask("SigBlk:") & mask("SigCgt:") != 0
}
