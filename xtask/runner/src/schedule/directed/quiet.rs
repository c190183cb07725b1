//! Finds out when no thread of the run can go on by itself: each is held, or waits for another one.
//!
//! One look at /proc proves nothing, since a thread that was seen asleep may have been woken by the next one. Two equal
//! looks do, if no thread has run between them: then all of them slept at one moment.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use nix::libc;

use super::family::{self, Family, Look, Seen, State};
use super::memory::Memory;
use super::numbers;
use super::seccomp::{Call, Listener};
use super::threads::Threads;

/// How long to wait between two looks while threads run.
const SHORTEST: Duration = Duration::from_micros(30);
const LONGEST: Duration = Duration::from_micros(400);
/// A thread that runs for this long without coming to a point seems to wait for another one in a loop, so the others
/// must go on. If it does not, the run is no longer the same each time.
pub(super) const SPIN: Duration = Duration::from_millis(150);
/// Most threads that are let go come to their next point, or fall asleep, in less than this.
const SHORT_RUN: Duration = Duration::from_millis(10);
/// How long a parent must have been in vfork before it counts as waiting for its child.
const VFORK: Duration = Duration::from_millis(5);

pub(super) struct Quiet {
    /// When a thread was let go, or came to a point, for the last time, and the thread that was let go.
    moved: Duration,
    mover: Option<i32>,
    pause: Duration,
    /// How long each running thread had run when it was first seen running since then.
    ran: HashMap<i32, Duration>,
    /// The threads that spun at the last look, and whether none was held then.
    spinning: Vec<i32>,
    alone: bool,
}

impl Quiet {
    pub(super) fn new(now: Duration) -> Self {
        Self {
            moved: now,
            mover: None,
            pause: SHORTEST,
            ran: HashMap::new(),
            spinning: Vec::new(),
            alone: false,
        }
    }

    /// Whether the thread waits for another one in a loop, as the last look has shown.
    pub(super) fn is_spinning(&self, tid: i32) -> bool {
        self.spinning.contains(&tid)
    }

    /// Whether a thread has run for a long time at the last look, and no other one is held for which it could wait. It
    /// computes, or waits for a moment in a loop.
    pub(super) fn computes_alone(&self) -> bool {
        self.alone
    }

    /// Whether a thread spun at the last look.
    pub(super) fn any_spins(&self) -> bool {
        !self.spinning.is_empty()
    }

    /// A thread was let go, or has come to a point.
    pub(super) fn moved(&mut self, now: Duration) {
        *self = Self::new(now);
    }

    /// This thread was let go.
    pub(super) fn let_go(&mut self, tid: i32, now: Duration) {
        *self = Self { mover: Some(tid), ..Self::new(now) };
    }

    /// How long to wait before the next look.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = LONGEST.min(self.pause * 5 / 4);
        pause
    }

    /// All threads, if none of them can go on by itself.
    pub(super) fn look(
        &mut self,
        now: Duration,
        threads: &Threads,
        listener: &Listener,
        family: &mut Family,
    ) -> Option<Look> {
        // The usual case, in which a look at everything would waste time.
        if now < self.moved + SHORT_RUN && self.mover.is_some_and(family::runs) {
            return None;
        }
        // One that was killed a moment ago is not held any more.
        let held = |tid| threads.call(tid).filter(|call| listener.holds(*call)).map(Call::id);
        let is_held = |tid: i32| held(tid).is_some();
        let first = family.look(&held);
        // The kernel's lists of children may lack one while another one ends.
        if threads.known().any(|tid| !first.0.contains_key(&tid) && family::exists(tid)) {
            return None;
        }
        let holds_any = first.0.keys().any(|tid| is_held(*tid));
        self.spinning.clear();
        for (tid, seen) in &first.0 {
            match seen.state {
                State::Running if !self.spins(*tid, seen) => return None,
                State::Running if !holds_any => {
                    self.alone = true;
                    return None;
                }
                State::Running => self.spinning.push(*tid),
                State::Uninterruptible if now < self.moved + VFORK => return None,
                State::Uninterruptible if !is_in_vfork(seen.pid, *tid) => return None,
                State::Uninterruptible | State::Asleep | State::Ended => {}
            }
        }
        let second = family.look(&held);
        let same = first.0.len() == second.0.len()
            && first.0.iter().all(|(tid, seen)| match second.0.get(tid) {
                Some(_) if self.is_spinning(*tid) => true,
                again => again == Some(seen),
            });
        // A signal that kills wakes a held thread, which then may have to wait for a processor.
        let is_woken = |tid: &i32| is_held(*tid) && family::is_running(*tid);
        (same && !second.0.keys().any(is_woken)).then_some(second)
    }

    /// Whether the thread has computed for [`SPIN`] since the last move. It then seems to wait for another.
    fn spins(&mut self, tid: i32, seen: &Seen) -> bool {
        let begun = self.ran.entry(tid).or_insert(seen.ran);
        seen.ran.saturating_sub(*begun) >= SPIN
    }
}

/// Whether the thread waits until a child that uses its memory runs another program. See vfork(2).
fn is_in_vfork(pid: i32, tid: i32) -> bool {
    let call = fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")).unwrap_or_default();
    let mut words = call.split_ascii_whitespace();
    let number = words.next().and_then(|number| number.parse().ok());
    let argument = words.next().and_then(|word| word.strip_prefix("0x"));
    let argument = argument.and_then(|argument| u64::from_str_radix(argument, 16).ok());
    let flags = match (number, argument) {
        (Some(libc::SYS_clone), Some(flags)) => flags,
        // The flags are the first field of the structure.
        (Some(libc::SYS_clone3), Some(address)) => {
            Memory::of(tid).and_then(|memory| memory.word(address)).unwrap_or_default().into()
        }
        (Some(number), _) if Some(number) == numbers::VFORK => return true,
        _ => return false,
    };
    flags & libc::CLONE_VFORK as u64 != 0
}
