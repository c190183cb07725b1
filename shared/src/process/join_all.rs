//! Waiting for several children at once.

use std::sync::Arc;

use rustix::event::{PollFd, PollFlags};

use super::Child;
use crate::poll::ready;
use crate::{Error, Result};

/// Joins all children, whichever ends first. If one of them fails, the others are killed and reaped.
///
/// Joining them one after the other is not enough where they wait for each other, at a barrier for example: if the last
/// child fails, the first one waits for ever, and so does its `join`.
///
/// ```
/// use shared::{Error, Process, join_all};
///
/// let mut children = Vec::new();
/// for number in 1..=3 {
///     children.push(Process::new(move || if number == 2 { shared::exit(7) } else { Ok(()) }).start()?);
/// }
/// let error = join_all(children).unwrap_err();
/// assert_eq!(error.to_string(), "Process-2 failed: exit code 7");
/// # Ok::<(), shared::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::ChildFailed`] for the first child that does not end with exit code 0, and the errors of [`Child::join`].
pub fn join_all(children: impl IntoIterator<Item = Child>) -> Result<()> {
    let mut running: Vec<Child> = children.into_iter().collect();
    let joined = wait_for_all(&mut running);
    // First send all the signals, then wait: when a child is dropped, its parent waits for its end.
    running.iter().for_each(|child| _ = child.kill());
    joined
}

/// Takes each child out of `running` when it has ended; returns early, with the rest in there, if one has failed.
fn wait_for_all(running: &mut Vec<Child>) -> Result<()> {
    while !running.is_empty() {
        let pidfds: Vec<_> = running.iter().map(Child::pidfd).collect::<Result<_>>()?;
        // A pidfd is ready to be read when its process has ended.
        let mut ends: Vec<_> =
            pidfds.iter().map(|pidfd| PollFd::new(Arc::as_ref(pidfd), PollFlags::IN)).collect();
        ready(&mut ends, None)?;
        // From the back: a removal moves only those behind it. Yet of several ends the first child's is reported.
        let mut failed = Ok(());
        for index in (0..ends.len()).rev().filter(|&index| !ends[index].revents().is_empty()) {
            let child = running.remove(index);
            let name = child.name().to_owned();
            let exit = child.join()?;
            if !exit.success() {
                failed = Err(Error::ChildFailed { name, exit });
            }
        }
        failed?;
    }
    Ok(())
}
