//! Ctrl-Z: the host stops, and its runs with it.
//!
//! The terminal stops only its foreground group, and the supervisors have their own sessions. So the host asks each
//! supervisor to stop its run, then stops itself. When it is continued, it asks them to go on. This state belongs to
//! the whole process, so it is static.

use std::io::Write;
use std::process::ChildStdin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

use crate::message::Word;

static STATE: Mutex<State> = Mutex::new(State { spans: Vec::new(), tethers: Vec::new() });

/// The most suspensions that are remembered. A person makes each of them, so one run seldom has more.
const REMEMBERED: usize = 64;

struct State {
    /// When each suspension of the host began and ended; the last one may not be over.
    spans: Vec<(Instant, Option<Instant>)>,
    /// The supervisors of the current runs.
    tethers: Vec<Weak<Tether>>,
}

/// The line to a supervisor. When it is cut, the supervisor kills the run.
pub(crate) struct Tether(Mutex<Option<ChildStdin>>);

impl Tether {
    /// Ties a supervisor to this host. If the host is being suspended, the new run is suspended at once.
    pub(crate) fn new(stdin: ChildStdin) -> Arc<Self> {
        let tether = Arc::new(Self(Mutex::new(Some(stdin))));
        let mut state = state();
        state.tethers.retain(|other| other.strong_count() > 0);
        state.tethers.push(Arc::downgrade(&tether));
        if state.spans.last().is_some_and(|(_, until)| until.is_none()) {
            tether.send(Word::Suspend);
        }
        tether
    }

    pub(crate) fn cut(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) fn send(&self, word: Word) {
        if let Some(stdin) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // A dead supervisor is noticed elsewhere.
            _ = stdin.write_all(&word.bytes());
        }
    }
}

/// Stops all runs and this process, and returns when it has been continued.
pub(crate) fn suspend() {
    {
        let mut state = state();
        let forgotten = state.spans.len().saturating_sub(REMEMBERED - 1);
        state.spans.drain(..forgotten);
        state.spans.push((Instant::now(), None));
        state.send(Word::Suspend);
    }
    _ = emulate_default_handler(SIGTSTP);
    let mut state = state();
    if let Some((_, until)) = state.spans.last_mut() {
        *until = Some(Instant::now());
    }
    state.send(Word::Continue);
}

impl State {
    fn send(&self, word: Word) {
        for tether in self.tethers.iter().filter_map(Weak::upgrade) {
            tether.send(word);
        }
    }
}

/// How long the host was suspended between two moments.
pub(crate) fn within(from: Instant, until: Instant) -> Duration {
    overlap(&state().spans, from, until)
}

fn overlap(spans: &[(Instant, Option<Instant>)], from: Instant, until: Instant) -> Duration {
    let overlap = |(begun, over): &(Instant, Option<Instant>)| {
        let over = over.map_or(until, |over| over.min(until));
        over.saturating_duration_since(from.max(*begun))
    };
    spans.iter().map(overlap).sum()
}

fn state() -> MutexGuard<'static, State> {
    // Lists of finished entries cannot be half changed.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_overlaps_is_discounted() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let spans = [(at(2), Some(at(4))), (at(7), None)];
        let within = |from, until| overlap(&spans, at(from), at(until)).as_secs();
        assert_eq!(within(0, 10), 2 + 3);
        assert_eq!(within(3, 8), 1 + 1);
        assert_eq!(within(4, 7), 0);
        assert_eq!(within(0, 1), 0);
    }
}
