//! What is left of a child that has ended?

use std::fs;

use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
use shared::{Fork, Pid, Result, exit, fork};

/// A child that has ended stays in the process table until its parent waits for it.
pub(crate) fn scene() -> Result<()> {
    match fork()? {
        Fork::Parent { child } => watch(child),
        Fork::Child => exit(0),
    }
}

/// Runs in the parent.
fn watch(child: Pid) -> Result<()> {
    // WNOWAIT: return when the child has ended, and leave it in the table.
    waitid(Id::Pid(child), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
    println!("{child} has ended, its state is {}", state(child));
    waitpid(child, None)?;
    println!("{child} has been waited for, its state is {}", state(child));
    Ok(())
}

/// The state of a process in /proc: a letter and a word, such as "S (sleeping)".
fn state(pid: Pid) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let state = status.lines().find_map(|line| line.strip_prefix("State:"));
    state.map_or("none".to_owned(), |state| state.trim().to_owned())
}
