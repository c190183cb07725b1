//! Calls with a timeout: they keep it, whatever other processes do.

use std::time::Instant;
use std::{fs, hint, mem};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::signal::{Signal, raise};
use nix::unistd::Pid;
use shared::sync::{Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore};
use shared::{Child, Error, Result};

use crate::children::{TENTH, asleep, keeps_short_timeouts, start, start_and_stay, stop};
use crate::harness::{Body, descriptors, nothing_left};
use crate::times_out;

pub(crate) const TESTS: &[Body] = &[
    ("timeouts_hold", timeouts_hold),
    ("timeouts_hold_beside_stopped_holders", timeouts_hold_beside_stopped_holders),
    ("short_timeouts_of_a_lock_hold", short_timeouts_of_a_lock),
    ("short_timeouts_of_a_semaphore_hold", short_timeouts_of_a_semaphore),
    ("short_timeouts_of_a_condition_hold", short_timeouts_of_a_condition),
    ("short_timeouts_of_an_event_hold", short_timeouts_of_an_event),
    ("a_waiter_on_a_crowded_core_sleeps", a_waiter_on_a_crowded_core_sleeps),
];

/// One of each, to hold them all and to time out on them all.
pub(crate) struct All {
    pub(crate) lock: Lock<u8>,
    rlock: RLock,
    pub(crate) bounded: BoundedSemaphore,
    semaphore: Semaphore,
    condition: Condition<u8>,
}

impl All {
    pub(crate) fn new() -> Self {
        Self {
            lock: Lock::new(0).unwrap(),
            rlock: RLock::new().unwrap(),
            bounded: BoundedSemaphore::new(1).unwrap(),
            semaphore: Semaphore::new(1).unwrap(),
            condition: Condition::new(0).unwrap(),
        }
    }

    /// Runs in a child that holds them until it is killed.
    fn hold(&self) -> Result<()> {
        mem::forget(self.lock.acquire()?);
        mem::forget(self.rlock.acquire()?);
        mem::forget(self.bounded.acquire()?);
        mem::forget(self.semaphore.acquire()?);
        mem::forget(self.condition.acquire()?);
        Ok(())
    }

    fn time_out(&self) {
        times_out("lock", |timeout| self.lock.acquire_timeout(timeout));
        times_out("rlock", |timeout| self.rlock.acquire_timeout(timeout));
        times_out("bounded", |timeout| self.bounded.acquire_timeout(timeout));
        times_out("semaphore", |timeout| self.semaphore.acquire_timeout(timeout));
        times_out("condition", |timeout| self.condition.acquire_timeout(timeout));
        assert!(self.lock.try_acquire().unwrap().is_none());
        assert!(self.rlock.try_acquire().unwrap().is_none());
        assert!(self.bounded.try_acquire().unwrap().is_none());
        assert!(self.semaphore.try_acquire().unwrap().is_none());
    }
}

fn timeouts_hold() {
    let before = descriptors();
    let all = All::new();
    let holder = start_and_stay(|| all.hold());
    all.time_out();
    drop(holder);

    let condition = Condition::new(0_u8).unwrap();
    times_out("wait_for", |timeout| {
        condition.acquire()?.wait_for_timeout(timeout, |value| *value > 0)
    });
    assert!(condition.acquire().is_ok(), "a call that times out releases the lock");
    let event = Event::new().unwrap();
    times_out("event", |timeout| event.wait_timeout(timeout).then_some(()).ok_or(Error::TimedOut));
    times_out("barrier", |timeout| Barrier::new(2)?.wait_timeout(timeout));
    nothing_left(&before);
}

fn timeouts_hold_beside_stopped_holders() {
    let before = descriptors();
    let all = All::new();
    let holder = start_and_stay(|| all.hold());
    stop(holder.pid());
    all.time_out();
    drop(holder);

    // The waiter has released the lock; then another process acquires it, and is stopped while it holds it.
    let (condition, is_held) = (Condition::new(0_u8).unwrap(), Event::new().unwrap());
    let holder = start(|| {
        is_held.wait();
        mem::forget(condition.acquire()?);
        Ok(raise(Signal::SIGSTOP)?)
    });
    let start = Instant::now();
    let guard = condition.acquire().unwrap();
    is_held.set();
    let result = guard.wait_for_timeout(3 * TENTH, |value| *value > 0).map(drop);
    let waited = start.elapsed();
    assert!(matches!(result.map_err(Error::from), Err(Error::TimedOut)));
    assert!(waited >= 3 * TENTH, "{waited:?}");
    drop(holder);

    times_out("barrier", |timeout| {
        let barrier = Barrier::new(3)?;
        let waiter = self::start(|| barrier.wait().map(drop));
        asleep(waiter.pid());
        stop(waiter.pid());
        barrier.wait_timeout(timeout)
    });
    nothing_left(&before);
}

fn short_timeouts_of_a_lock() {
    let before = descriptors();
    let lock = Lock::new(0_u8).unwrap();
    let holder = start_and_stay(|| Ok(lock.acquire().map(mem::forget)?));
    keeps_short_timeouts(|timeout| lock.acquire_timeout(timeout));
    drop(holder);
    nothing_left(&before);
}

fn short_timeouts_of_a_semaphore() {
    let semaphore = Semaphore::new(0).unwrap();
    keeps_short_timeouts(|timeout| semaphore.acquire_timeout(timeout));
}

fn short_timeouts_of_a_condition() {
    let condition = Condition::new(0_u8).unwrap();
    keeps_short_timeouts(|timeout| {
        condition.acquire().unwrap().wait_for_timeout(timeout, |value| *value > 0).map(drop)
    });
}

fn short_timeouts_of_an_event() {
    let event = Event::new().unwrap();
    keeps_short_timeouts(|timeout| event.wait_timeout(timeout));
}

/// How often this process has been taken off its core, or has given it away, without being asleep.
fn times_set_aside() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("nonvoluntary_ctxt_switches:"));
    line.unwrap().trim().parse().unwrap()
}

/// A waiter must not yield its core again and again to processes that have other work to do.
fn a_waiter_on_a_crowded_core_sleeps() {
    let before = descriptors();
    let allowed = sched_getaffinity(Pid::this()).unwrap();
    let mut core = CpuSet::new();
    core.set((0..CpuSet::count()).find(|&core| allowed.is_set(core).unwrap()).unwrap()).unwrap();
    sched_setaffinity(Pid::this(), &core).unwrap();
    let busy: Vec<Child> = (0..4)
        .map(|_| {
            start(|| {
                loop {
                    hint::spin_loop();
                }
            })
        })
        .collect();
    let (semaphore, event) = (Semaphore::new(0).unwrap(), Event::new().unwrap());
    let times_before = times_set_aside();
    for _ in 0..20 {
        assert!(semaphore.acquire_timeout(TENTH / 50).is_err());
        assert!(!event.wait_timeout(TENTH / 50));
    }
    // Once now and then, to see whether the core is still crowded; not twenty times before each sleep.
    let times = times_set_aside() - times_before;
    assert!(times < 80, "set aside {times} times in 40 waits");
    drop(busy);
    nothing_left(&before);
}
