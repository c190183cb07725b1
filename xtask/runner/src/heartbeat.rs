//! A pulse on every core, which shows when the machine itself stalled.
//!
//! A claim about time can fail because the program is wrong, or because the machine stalled: its host was busy, or the
//! laptop slept. On each core one thread wakes every 10 ms and notes how late it is.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{cores, suspension};

const BEAT: Duration = Duration::from_millis(10);
/// A shorter delay is usual for a scheduler.
const NOTABLE: Duration = Duration::from_millis(1);

/// Beats until it is dropped.
pub(crate) struct Heartbeat {
    stalls: Arc<Mutex<Stalls>>,
    /// The threads end when these do.
    _stop: Vec<Sender<()>>,
}

/// The stalls that a run may still ask for.
#[derive(Default)]
struct Stalls {
    /// Until when a core stalled, and for how long.
    noted: Vec<(Instant, Duration)>,
    /// When each current run began, by the run's number.
    runs: BTreeMap<u64, Instant>,
    next: u64,
}

impl Stalls {
    fn note(&mut self, until: Instant, late: Duration) {
        self.forget();
        if !self.runs.is_empty() {
            self.noted.push((until, late));
        }
    }

    /// Forgets stalls that no run can need any more. Numbers grow with time, so the first run is the oldest.
    fn forget(&mut self) {
        match self.runs.values().next() {
            Some(oldest) => self.noted.retain(|(until, _)| until >= oldest),
            None => self.noted.clear(),
        }
    }
}

/// The time of one run, from the making of this value on.
pub(crate) struct Span<'a> {
    heartbeat: &'a Heartbeat,
    number: u64,
    start: Instant,
}

impl Heartbeat {
    pub(crate) fn start() -> Self {
        let stalls = Arc::default();
        let stop = cores::usable().into_iter().map(|core| beat_on(core, &stalls)).collect();
        Self { stalls, _stop: stop }
    }

    pub(crate) fn span(&self) -> Span<'_> {
        let mut stalls = lock(&self.stalls);
        // Under the lock, so that a higher number means a later start.
        let (number, start) = (stalls.next, Instant::now());
        stalls.next += 1;
        stalls.runs.insert(number, start);
        Span { heartbeat: self, number, start }
    }
}

impl Span<'_> {
    /// The longest stall that touched this span until now.
    pub(crate) fn longest_stall(&self) -> Duration {
        let stalls = lock(&self.heartbeat.stalls);
        let within = stalls.noted.iter().filter(|(until, _)| *until >= self.start);
        within.map(|(_, late)| *late).max().unwrap_or_default()
    }
}

impl Drop for Span<'_> {
    fn drop(&mut self) {
        let mut stalls = lock(&self.heartbeat.stalls);
        stalls.runs.remove(&self.number);
        stalls.forget();
    }
}

fn beat_on(core: usize, stalls: &Arc<Mutex<Stalls>>) -> Sender<()> {
    let stalls = Arc::clone(stalls);
    let (stop, stopped) = mpsc::channel();
    thread::spawn(move || {
        cores::stay_on(core);
        loop {
            let due = Instant::now() + BEAT;
            if stopped.recv_timeout(BEAT) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let now = Instant::now();
            // Ctrl-Z stops the beat and the runs alike.
            let late = now.saturating_duration_since(due);
            let late = late.saturating_sub(suspension::within(due, now));
            if late >= NOTABLE {
                lock(&stalls).note(now, late);
            }
        }
    });
    stop
}

fn lock(stalls: &Mutex<Stalls>) -> MutexGuard<'_, Stalls> {
    // A panic cannot leave these lists half changed: each entry is complete when it is added.
    stalls.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALL: Duration = Duration::from_millis(30);

    fn without_threads() -> Heartbeat {
        Heartbeat { stalls: Arc::default(), _stop: Vec::new() }
    }

    #[test]
    fn only_stalls_within_the_span_count() {
        let heartbeat = without_threads();
        let first = heartbeat.span();
        let between = first.start + Duration::from_secs(1);
        lock(&heartbeat.stalls).note(between, STALL);
        assert_eq!(first.longest_stall(), STALL);
        let later = Span { start: between + Duration::from_secs(1), ..heartbeat.span() };
        assert_eq!(later.longest_stall(), Duration::ZERO);
    }

    #[test]
    fn what_no_run_needs_is_forgotten() {
        let heartbeat = without_threads();
        let noted = || lock(&heartbeat.stalls).noted.len();
        lock(&heartbeat.stalls).note(Instant::now(), STALL);
        assert_eq!(noted(), 0, "while nothing runs");

        let first = heartbeat.span();
        lock(&heartbeat.stalls).note(Instant::now(), STALL);
        let second = heartbeat.span();
        lock(&heartbeat.stalls).note(Instant::now(), STALL);
        assert_eq!(noted(), 2);
        drop(first);
        assert_eq!(noted(), 1, "what ended before the second began is of no use to it");
        drop(second);
        assert_eq!(noted(), 0);
    }
}
