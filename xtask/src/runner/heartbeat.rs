//! A pulse on every core: it tells when the machine itself stood still.
//!
//! A claim about time can fail because the program is wrong or because the machine stalled: a busy host, a laptop that
//! slept. On each core one thread wakes every 10 ms and notes how late it is.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::SPEED;
use super::shake::{cpus, on_cpu};

const BEAT: Duration = Duration::from_millis(10);
/// Less is everyday life of a scheduler.
const NOTABLE: Duration = Duration::from_millis(1);
/// The longest stall at speed 20 under which claims about time are still judged.
const TOLERATED: Duration = Duration::from_millis(25);

/// When a core stood still: from, and for how long.
type Stall = (Instant, Duration);

/// Beats from its start until it is dropped.
pub(crate) struct Heartbeat {
    stalls: Arc<Mutex<Vec<Stall>>>,
    /// The threads end when these do.
    _stop: Vec<Sender<()>>,
}

impl Heartbeat {
    pub(crate) fn start() -> Self {
        let stalls = Arc::default();
        let stop = cpus().into_iter().map(|cpu| beat_on(cpu, &stalls)).collect();
        Self { stalls, _stop: stop }
    }

    /// The longest stall that touched the time from `start` until now.
    pub(crate) fn longest_since(&self, start: Instant) -> Duration {
        lock(&self.stalls)
            .iter()
            .filter(|(from, late)| *from + *late >= start)
            .map(|(_, late)| *late)
            .max()
            .unwrap_or_default()
    }
}

/// How long a machine may stand still before times measured at `speed` mean nothing.
pub(crate) fn tolerated(speed: u32) -> Duration {
    TOLERATED * SPEED / speed
}

fn beat_on(cpu: usize, stalls: &Arc<Mutex<Vec<Stall>>>) -> Sender<()> {
    let stalls = Arc::clone(stalls);
    let (stop, stopped) = mpsc::channel();
    thread::spawn(move || {
        on_cpu(cpu);
        loop {
            let due = Instant::now() + BEAT;
            if stopped.recv_timeout(BEAT) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let late = due.elapsed();
            if late >= NOTABLE {
                lock(&stalls).push((due, late));
            }
        }
    });
    stop
}

fn lock(stalls: &Mutex<Vec<Stall>>) -> MutexGuard<'_, Vec<Stall>> {
    // A list of finished entries cannot be half changed.
    stalls.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stalls_within_the_span_count() {
        let now = Instant::now();
        let before = now.checked_sub(Duration::from_secs(2)).unwrap();
        let stalls = vec![(before, Duration::from_secs(1)), (now, Duration::from_millis(30))];
        let heartbeat = Heartbeat { stalls: Arc::new(Mutex::new(stalls)), _stop: Vec::new() };
        let since = |start| heartbeat.longest_since(start);
        assert_eq!(since(now), Duration::from_millis(30));
        assert_eq!(since(before), Duration::from_secs(1));
        assert_eq!(since(now + Duration::from_secs(1)), Duration::ZERO);
    }

    #[test]
    fn a_faster_clock_tolerates_less() {
        assert_eq!(tolerated(20), Duration::from_millis(25));
        assert_eq!(tolerated(1), Duration::from_millis(500));
    }
}
