//! Disturbs runs on purpose: an order that holds by luck breaks sooner.
//!
//! What is decided at random comes from a seed, so that a failed check can be repeated with the same decisions. When
//! they hit the scene is up to the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use fastrand::Rng;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::processes;

/// How long a process is held, and how long it is left alone after that, at most.
const LONGEST_PULSE: u64 = 15;
const LONGEST_PAUSE: u64 = 30;

/// Holds one process of a scene at a time for some milliseconds.
pub(crate) struct Disturber {
    rng: Rng,
    held: Option<Pid>,
    next: Instant,
}

impl Disturber {
    /// Every other scene is confined to one core at once, where two processes never run side by side.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        if rng.bool() {
            confine(&mut rng);
        }
        let next = Instant::now() + milliseconds(&mut rng, LONGEST_PAUSE);
        Self { rng, held: None, next }
    }

    /// Stops or continues a process if it is time to, and returns how long to wait for the next time.
    pub(crate) fn disturb(&mut self) -> Duration {
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
        self.next.saturating_duration_since(now)
    }

    fn hold(&mut self) {
        let mut family = processes::descendants();
        // One that the scene itself has stopped must not be woken by us.
        family.retain(|process| !process.has_ended() && !matches!(process.state, 'T' | 't'));
        family.sort_by_key(|process| process.pid);
        self.held = self.rng.choice(family).map(|process| process.pid);
        if let Some(pid) = self.held {
            _ = kill(pid, Signal::SIGSTOP);
        }
    }

    /// Lets go of the process that is held; false if none is.
    fn release(&mut self) -> bool {
        self.held.take().inspect(|pid| _ = kill(*pid, Signal::SIGCONT)).is_some()
    }
}

impl Drop for Disturber {
    fn drop(&mut self) {
        self.release();
    }
}

fn milliseconds(rng: &mut Rng, longest: u64) -> Duration {
    Duration::from_millis(rng.u64(1..=longest))
}

/// Confines this process, and what it starts from now on, to one of its cores.
fn confine(rng: &mut Rng) {
    if let Some(cpu) = rng.choice(cpus()) {
        on_cpu(cpu);
    }
}

/// The cores that this thread may use.
pub(crate) fn cpus() -> Vec<usize> {
    match sched_getaffinity(Pid::from_raw(0)) {
        Ok(set) => (0..CpuSet::count()).filter(|cpu| set.is_set(*cpu).unwrap_or(false)).collect(),
        Err(_) => Vec::new(),
    }
}

/// Confines this thread to one core. Where that is forbidden it stays where it is.
pub(crate) fn on_cpu(cpu: usize) {
    let mut set = CpuSet::new();
    if set.set(cpu).is_ok() {
        _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}

/// Threads that compete with the scenes for every core, until this value is dropped.
pub(crate) struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn start() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let spin = |cpu| {
            let over = Arc::clone(&over);
            thread::spawn(move || {
                on_cpu(cpu);
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        let threads = cpus().into_iter().map(spin).collect();
        Self { over, threads }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn nobody_stays_held() {
        let mut sleeper = Command::new("sleep").arg("100").spawn().unwrap();
        let pid = Pid::from_raw(sleeper.id().cast_signed());
        let is_stopped = || processes::Process::read(pid).unwrap().state == 'T';
        kill(pid, Signal::SIGSTOP).unwrap();
        while !is_stopped() {
            thread::yield_now();
        }
        drop(Disturber { rng: Rng::new(), held: Some(pid), next: Instant::now() });
        let still_held = is_stopped();
        // Before the assertion, so that a failure leaves nothing behind.
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(!still_held);
    }
}
