//! Finds out that a run hangs: its threads wait for each other for ever, or wake up again and again in vain.

use std::time::Duration;

use super::quiet::Standstill;
use super::run::Run;
use crate::direct::Act;
use crate::waits::has_timeout;

/// Threads that wait in vain for each other may wake up from time to time, because of a timeout. After this many
/// timeouts without any progress, they will never do anything else, unless a sleep will end.
const FUTILE: usize = 30;

/// How a run comes further.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// When the last move was made that counts as progress, in real time.
    last: Duration,
    /// How many timeouts and timers have ended since.
    timeouts: usize,
}

impl Progress {
    /// A move was made.
    pub(super) fn note(&mut self, act: Act, now: Duration) {
        if act.is_progress() {
            *self = Self { last: now, timeouts: 0 };
        }
        self.timeouts += usize::from(act == Act::TimeOut);
    }

    pub(super) fn note_timer(&mut self) {
        self.timeouts += 1;
    }

    /// Whether the run will never come further. `any_option`: whether a move is possible.
    pub(super) fn is_stuck(
        &self,
        run: &Run,
        standstill: &Standstill,
        any_option: bool,
        now: Duration,
    ) -> bool {
        if now.saturating_sub(self.last) < run.direction.stuck_after {
            return false;
        }
        let all_in_vain = self.timeouts > FUTILE && !run.threads.any_sleeps();
        let can_happen = any_option
            || run.time.first_timer().is_some()
            || !standstill.spinning.is_empty()
            || any_has_timeout(run);
        all_in_vain || !can_happen
    }
}

/// Whether a thread waits with a timeout in the kernel, where it cannot be held.
fn any_has_timeout(run: &Run) -> bool {
    run.threads.known().any(|tid| !run.threads.is_held(tid) && has_timeout(tid))
}
