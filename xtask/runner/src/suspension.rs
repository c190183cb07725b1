//! Ctrl-Z: the host stops, and its runs with it.
//!
//! The terminal stops only its foreground group; the supervisors have sessions of their own. So the host tells each of
//! them to stop its run, then stops itself; once it is continued, it tells them to go on. All of this is one state of
//! the whole process, hence static.

use std::io::Write;
use std::process::ChildStdin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

use crate::message::{CONTINUE, SUSPEND};

static STATE: Mutex<State> = Mutex::new(State { spans: Vec::new(), tethers: Vec::new() });

/// More than so many suspensions within one run are forgotten: it takes a person to make one.
const REMEMBERED: usize = 64;

struct State {
    /// From when until when the host was suspended; the last one may not be over.
    spans: Vec<(Instant, Option<Instant>)>,
    /// The supervisors of the runs that go on.
    tethers: Vec<Weak<Tether>>,
}

/// The line to a supervisor, which kills the run when it is cut.
pub(crate) struct Tether(Mutex<Option<ChildStdin>>);

impl Tether {
    /// Ties a supervisor to this host; what is suspended is so at once.
    pub(crate) fn new(stdin: ChildStdin) -> Arc<Self> {
        let tether = Arc::new(Self(Mutex::new(Some(stdin))));
        let mut state = state();
        state.tethers.retain(|other| other.strong_count() > 0);
        state.tethers.push(Arc::downgrade(&tether));
        if state.spans.last().is_some_and(|(_, until)| until.is_none()) {
            tether.say(SUSPEND);
        }
        tether
    }

    pub(crate) fn cut(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn say(&self, word: u8) {
        if let Some(stdin) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // A supervisor that is dead is noticed elsewhere.
            _ = stdin.write_all(&[word]);
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
        state.tell(SUSPEND);
    }
    _ = emulate_default_handler(SIGTSTP);
    let mut state = state();
    if let Some((_, until)) = state.spans.last_mut() {
        *until = Some(Instant::now());
    }
    state.tell(CONTINUE);
}

impl State {
    fn tell(&self, word: u8) {
        for tether in self.tethers.iter().filter_map(Weak::upgrade) {
            tether.say(word);
        }
    }
}

/// For how long the host was suspended between two moments.
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
