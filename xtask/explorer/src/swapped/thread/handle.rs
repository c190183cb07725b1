//! What a thread knows of itself and of others.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{self, NONE, Op, Place};

/// A thread, as others see it.
#[derive(Debug, Clone)]
pub struct Thread {
    number: usize,
    name: Option<Arc<str>>,
}

/// What tells a thread from all others. Main has the first one, and the others follow in the order of their start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId(usize);

impl Thread {
    pub(super) fn of(number: usize) -> Self {
        let name = engine::with(|engine| engine.state().thread(number).name().map(Arc::from));
        Self { number, name }
    }

    /// What tells it from all others.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        ThreadId(self.number + 1)
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self.number {
            0 => Some("main"),
            _ => self.name.as_deref(),
        }
    }

    /// Lets it go on from `park`: from the present one or the next one.
    #[track_caller]
    pub fn unpark(&self) {
        engine::act(Op::Unpark, NONE, Location::caller(), |engine| {
            let state = engine.state();
            let clock = state.hand_on();
            state.thread(self.number).unpark(&clock);
            engine.did(0, |state| format!("unparks {}", state.thread_name(self.number)));
        });
    }
}

/// The thread that calls this.
#[must_use]
pub fn current() -> Thread {
    Thread::of(engine::with(|engine| engine.state().me()))
}

/// Whether the thread that calls this is panicking.
#[must_use]
pub fn panicking() -> bool {
    engine::with(|engine| engine.state().this().is_unwinding())
}

/// Waits until another thread unparks this one, or goes on if one has done so already.
#[track_caller]
pub fn park() {
    wait(Location::caller(), false);
}

/// The same, or until the timeout ends, which may be at any time.
#[track_caller]
pub fn park_timeout(_: Duration) {
    wait(Location::caller(), true);
}

fn wait(at: Place, timed: bool) {
    engine::act(Op::Park { timed }, NONE, at, |engine| {
        let state = engine.state();
        let is_unparked = state.this().park();
        if !is_unparked {
            state.yields();
        }
        engine.did(is_unparked.into(), |_| {
            let goes_on =
                if is_unparked { "goes on, unparked" } else { "stops waiting to be unparked" };
            goes_on.to_owned()
        });
    });
}

/// Lets other threads go first. A thread that does nothing else is held back until another one acts.
pub fn yield_now() {
    engine::with(|engine| engine.state().yields());
}

/// The same: a schedule has no clock.
pub fn sleep(_: Duration) {
    yield_now();
}
