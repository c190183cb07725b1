//! Descriptors of processes: pidfds.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A descriptor of this process.
pub(crate) fn open(pid: i32) -> io::Result<OwnedFd> {
    let pid = Pid::from_raw(pid).ok_or(io::ErrorKind::NotFound)?;
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}

/// The process of a descriptor that another process has open. None if it is no pidfd, or its process was waited for.
pub(crate) fn process_of(owner: i32, descriptor: i32) -> Option<i32> {
    let info = fs::read_to_string(format!("/proc/{owner}/fdinfo/{descriptor}")).ok()?;
    let pid = info.lines().find_map(|line| line.strip_prefix("Pid:"))?;
    pid.trim().parse().ok().filter(|pid| *pid > 0)
}
