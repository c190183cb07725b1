//! Finds out when no thread of the run can go on by itself: each is held, or waits for another one.
//!
//! One look at /proc proves nothing, since a thread that was seen asleep may have been woken by the next one. Two equal
//! looks do, if no thread has run between them: then all of them slept at one moment.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use nix::libc;

use super::family::{Look, Seen, State};

/// How long to wait between two looks while threads run.
const SHORTEST: Duration = Duration::from_micros(30);
const LONGEST: Duration = Duration::from_micros(400);
/// A thread that runs for this long without a call waits for another one in a loop: the others must go on.
const SPIN: Duration = Duration::from_millis(60);
/// How long a parent must have been in vfork or clone before it counts as waiting for its child.
const VFORK: Duration = Duration::from_millis(5);

pub(super) struct Quiet {
    /// When a thread was let go, or came to a point, for the last time.
    moved: Duration,
    pause: Duration,
    /// How long each running thread had run when it was first seen running since then.
    ran: HashMap<i32, Duration>,
}

impl Quiet {
    pub(super) fn new(now: Duration) -> Self {
        Self { moved: now, pause: SHORTEST, ran: HashMap::new() }
    }

    /// A thread was let go, or has come to a point.
    pub(super) fn moved(&mut self, now: Duration) {
        *self = Self::new(now);
    }

    /// How long to wait before the next look.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = LONGEST.min(self.pause * 5 / 4);
        pause
    }

    /// All threads, if none of them can go on by itself. `is_held` says which are held.
    pub(super) fn look(&mut self, now: Duration, is_held: impl Fn(i32) -> bool) -> Option<Look> {
        let first = Look::take();
        let holds_any = first.0.keys().any(|tid| is_held(*tid));
        let mut spinning = Vec::new();
        for (tid, seen) in first.0.iter().filter(|(tid, _)| !is_held(**tid)) {
            match seen.state {
                State::Running if holds_any && self.spins(*tid, seen) => spinning.push(*tid),
                State::Running => return None,
                State::Uninterruptible if now < self.moved + VFORK => return None,
                State::Uninterruptible if !is_in_vfork(seen.pid, *tid) => return None,
                State::Uninterruptible | State::Asleep | State::Ended => {}
            }
        }
        let second = Look::take();
        let same = first.0.len() == second.0.len()
            && first.0.iter().all(|(tid, seen)| match second.0.get(tid) {
                Some(_) if is_held(*tid) || spinning.contains(tid) => true,
                again => again == Some(seen),
            });
        same.then_some(second)
    }

    /// Whether the thread has had a processor for so long since the last move that it seems to wait for another one.
    fn spins(&mut self, tid: i32, seen: &Seen) -> bool {
        let begun = self.ran.entry(tid).or_insert(seen.ran);
        seen.ran.saturating_sub(*begun) >= SPIN
    }
}

/// Whether the thread waits until a child that uses its memory runs another program. See vfork(2).
fn is_in_vfork(pid: i32, tid: i32) -> bool {
    let call = fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")).unwrap_or_default();
    let number = call.split_ascii_whitespace().next().and_then(|number| number.parse().ok());
    number.is_some_and(makes_children)
}

#[cfg(target_arch = "x86_64")]
fn makes_children(call: i64) -> bool {
    matches!(call, libc::SYS_vfork | libc::SYS_clone | libc::SYS_clone3)
}

#[cfg(not(target_arch = "x86_64"))]
fn makes_children(call: i64) -> bool {
    matches!(call, libc::SYS_clone | libc::SYS_clone3)
}
