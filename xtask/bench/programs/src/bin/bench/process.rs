//! Starting a process and waiting for it.

use std::process::Command;

use programs::partner::{child, join};
use programs::{measure, raw};

pub(crate) fn ours() -> f64 {
    measure::rate_of(|| join(child(|| {})))
}

pub(crate) fn limit() -> f64 {
    measure::rate_of(|| raw::fork(|| {}).join())
}

/// std's way: it runs another program in a child, here a small one.
pub(crate) fn std_peer() -> f64 {
    let succeeds = || Command::new("true").status().is_ok_and(|status| status.success());
    measure::rate_of(|| assert!(succeeds()))
}
