//! Finds out when no thread of the run can go on by itself: each is held, or waits for another one.
//!
//! One look at /proc proves nothing, since a thread that was seen asleep may have been woken by the next one. Two equal
//! looks do, if no thread has run between them: then all of them slept at one moment.

use std::collections::HashMap;
use std::time::Duration;

use nix::libc;

use super::look::{Look, Observer};
use super::memory::Memory;
use super::numbers;
use super::seccomp::{Call, Listener};
use super::seen::{self, Seen, State};
use super::threads::Threads;
use crate::syscall::Syscall;

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

/// What the threads of a run are doing.
pub(super) enum Activity {
    /// One of them goes on by itself, or may do so.
    Moving,
    /// One has run for [`SPIN`], and no other one is held for which it could wait. It computes, or waits for a moment
    /// in a loop.
    ComputesAlone,
    /// None can go on by itself.
    Quiet(Standstill),
}

/// All threads at a moment at which none can go on by itself.
pub(super) struct Standstill {
    pub(super) look: Look,
    /// Those that wait for another thread in a loop.
    pub(super) spinning: Vec<i32>,
}

/// What is known since the last move: since a thread was let go or came to a point, or time has passed.
pub(super) struct Quiet {
    moved: Duration,
    /// The thread that was let go.
    mover: Option<i32>,
    /// How long to wait before the next look.
    pause: Duration,
    /// How long each running thread had run in all when it was first seen running.
    ran: HashMap<i32, Duration>,
    observer: Observer,
}

impl Quiet {
    pub(super) fn new() -> Self {
        Self {
            moved: Duration::ZERO,
            mover: None,
            pause: SHORTEST,
            ran: HashMap::new(),
            observer: Observer::default(),
        }
    }

    /// Something has happened: a thread was let go or has come to a point, or time has passed.
    pub(super) fn moved(&mut self, now: Duration) {
        (self.moved, self.mover, self.pause) = (now, None, SHORTEST);
        self.ran.clear();
    }

    /// This thread was let go.
    pub(super) fn let_go(&mut self, tid: i32, now: Duration) {
        self.moved(now);
        self.mover = Some(tid);
    }

    /// How long to wait before the next look: a little longer each time.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = LONGEST.min(self.pause * 5 / 4);
        pause
    }

    /// Looks at all threads, twice.
    pub(super) fn look(
        &mut self,
        now: Duration,
        threads: &Threads,
        listener: &Listener,
    ) -> Activity {
        // The usual case, in which a look at everything would waste time.
        if now < self.moved + SHORT_RUN && self.mover.is_some_and(seen::is_runnable) {
            return Activity::Moving;
        }
        // One that was killed a moment ago is not held any more.
        let held = |tid| threads.call(tid).filter(|call| listener.holds(*call)).map(Call::id);
        let is_held = |tid: i32| held(tid).is_some();
        let first = self.look_at_all(threads, &held);
        // The kernel's lists of children may lack one while another one ends.
        if threads.known().any(|tid| first.get(tid).is_none() && seen::exists(tid)) {
            return Activity::Moving;
        }
        let any_held = first.iter().any(|(tid, _)| is_held(tid));
        let mut spinning = Vec::new();
        for (tid, seen) in first.iter() {
            match seen.state {
                State::Runnable if !self.spins(tid, seen) => return Activity::Moving,
                State::Runnable if !any_held => return Activity::ComputesAlone,
                State::Runnable => spinning.push(tid),
                State::Uninterruptible if !self.waits_in_vfork(tid, now) => {
                    return Activity::Moving;
                }
                State::Uninterruptible | State::Asleep | State::Ended => {}
            }
        }
        let second = self.look_at_all(threads, &held);
        let has_run = |tid: i32, seen| !spinning.contains(&tid) && second.get(tid) != Some(seen);
        // A signal that kills wakes a held thread, which then may have to wait for a processor.
        let is_woken = |tid: i32| is_held(tid) && seen::is_awake(tid);
        if first.has_the_threads_of(&second)
            && !first.iter().any(|(tid, seen)| has_run(tid, seen))
            && !second.iter().any(|(tid, _)| is_woken(tid))
        {
            Activity::Quiet(Standstill { look: second, spinning })
        } else {
            Activity::Moving
        }
    }

    fn look_at_all(&mut self, threads: &Threads, held: &impl Fn(i32) -> Option<u64>) -> Look {
        let look = self.observer.look(held);
        if threads.known().all(|tid| look.lives(tid)) {
            return look;
        }
        // One that has ended has left its children to another thread, which may be held.
        self.observer = Observer::default();
        self.observer.look(held)
    }

    /// Whether the thread has computed for [`SPIN`] since the last move. It then seems to wait for another.
    fn spins(&mut self, tid: i32, seen: &Seen) -> bool {
        let begun = self.ran.entry(tid).or_insert(seen.ran);
        seen.ran.saturating_sub(*begun) >= SPIN
    }

    /// Whether a thread that no signal can interrupt waits in vfork, and has done so for a while. Any other such thread
    /// waits for a moment only.
    fn waits_in_vfork(&self, tid: i32, now: Duration) -> bool {
        now >= self.moved + VFORK && has_called_vfork(tid)
    }
}

/// Whether the thread is in a call that returns when a child, which uses its memory, runs another program or ends. See
/// vfork(2).
fn has_called_vfork(tid: i32) -> bool {
    let call = Syscall::of(tid);
    let flags = match call.number {
        Some(libc::SYS_clone) => call.argument(0),
        // The flags are the first field of the structure.
        Some(libc::SYS_clone3) => {
            let flags = Memory::of(tid).and_then(|memory| memory.word(call.argument(0)));
            flags.unwrap_or_default().into()
        }
        Some(number) => return Some(number) == numbers::VFORK,
        None => return false,
    };
    flags & libc::CLONE_VFORK as u64 != 0
}
