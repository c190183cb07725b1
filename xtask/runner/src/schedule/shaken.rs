//! Disturbs runs on purpose, so that an order that holds by luck breaks sooner.
//!
//! Random decisions come from a seed, so that a failed check can be repeated with the same decisions. The machine
//! decides at which moment of the run they take effect.

use std::io;
use std::time::{Duration, Instant};

use fastrand::Rng;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Next, Steer};
use crate::{cores, processes};

/// The longest time, in milliseconds, for which a process is held, and for which it is then left alone.
const LONGEST_PULSE: u64 = 15;
const LONGEST_PAUSE: u64 = 30;

/// Holds one process of a run at a time, for some milliseconds.
pub(crate) struct Shaker {
    rng: Rng,
    held: Option<Pid>,
    next: Instant,
}

impl Shaker {
    /// Confines every other run to one core at once: there, two processes never run at the same time.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        if rng.bool() {
            confine(&mut rng);
        }
        let next = Instant::now() + milliseconds(&mut rng, LONGEST_PAUSE);
        Self { rng, held: None, next }
    }

    fn hold(&mut self) {
        let mut family = processes::descendants();
        // A process that the run itself has stopped must not be continued by us.
        family.retain(|process| !process.has_ended() && !process.is_stopped());
        family.sort_by_key(|process| process.pid);
        self.held = self.rng.choice(family).map(|process| process.pid);
        if let Some(pid) = self.held {
            _ = kill(pid, Signal::SIGSTOP);
        }
    }

    /// Releases the process that is held. Returns false if none is held.
    fn release(&mut self) -> bool {
        self.held.take().inspect(|pid| _ = kill(*pid, Signal::SIGCONT)).is_some()
    }
}

impl Steer for Shaker {
    /// Stops or continues a process if it is time to.
    fn steer(&mut self, _now: Duration) -> io::Result<Next> {
        let now = Instant::now();
        if now >= self.next {
            let longest = if self.release() {
                LONGEST_PAUSE
            } else {
                self.hold();
                LONGEST_PULSE
            };
            self.next = now + milliseconds(&mut self.rng, longest);
        }
        Ok(Next::Pause(self.next.saturating_duration_since(now)))
    }
}

impl Drop for Shaker {
    fn drop(&mut self) {
        self.release();
    }
}

fn milliseconds(rng: &mut Rng, longest: u64) -> Duration {
    Duration::from_millis(rng.u64(1..=longest))
}

/// Confines this process, and every process that it starts from now on, to one of its cores.
fn confine(rng: &mut Rng) {
    if let Some(core) = rng.choice(cores::usable()) {
        cores::stay_on(core);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn no_process_stays_held() {
        let mut sleeper = Command::new("sleep").arg("100").spawn().unwrap();
        let pid = Pid::from_raw(sleeper.id().cast_signed());
        let is_stopped = || processes::Stat::read(pid).unwrap().is_stopped();
        kill(pid, Signal::SIGSTOP).unwrap();
        while !is_stopped() {
            thread::yield_now();
        }
        drop(Shaker { rng: Rng::new(), held: Some(pid), next: Instant::now() });
        let still_held = is_stopped();
        // Before the assertion, so that a failure leaves nothing behind.
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(!still_held);
    }
}
