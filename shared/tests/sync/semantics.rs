//! What each promises while no process is killed.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{fs, hint, mem, thread};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use shared::sync::{
    AcquireError, Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore,
};
use shared::{Child, Error, Exit, Memory, Process, Result};

use crate::children::{
    SECOND, TENTH, asleep, join_all, keeps_short_limits, many_looks, start, start_and_stay,
};
use crate::harness::{Body, descriptors, eventually, nothing_left, state};
use crate::{times_out, wait};

pub(crate) const TESTS: &[Body] = &[
    ("memory_is_shared_not_copied", memory_is_shared_not_copied),
    ("lock_lets_in_one_at_a_time", lock_lets_in_one_at_a_time),
    ("lock_is_not_taken_twice", lock_is_not_taken_twice),
    ("locks_serve_threads_too", locks_serve_threads_too),
    ("limits_hold", limits_hold),
    ("limits_hold_beside_stopped_holders", limits_hold_beside_stopped_holders),
    ("short_limits_of_a_lock_hold", short_limits_of_a_lock),
    ("short_limits_of_a_semaphore_hold", short_limits_of_a_semaphore),
    ("short_limits_of_a_condition_hold", short_limits_of_a_condition),
    ("short_limits_of_an_event_hold", short_limits_of_an_event),
    ("a_waiter_on_a_crowded_core_sleeps", a_waiter_on_a_crowded_core_sleeps),
    ("rlock_counts", rlock_counts),
    ("bounded_semaphore_lets_in_so_many", bounded_semaphore_lets_in_so_many),
    ("semaphore_counts_what_is_released", semaphore_counts_what_is_released),
    ("semaphore_says_when_it_is_full", semaphore_says_when_it_is_full),
    ("condition_hands_over_each_item_once", condition_hands_over_each_item_once),
    ("condition_notifies_at_once", condition_notifies_at_once),
    ("event_wakes_all", event_wakes_all),
    ("event_wakes_at_once", event_wakes_at_once),
    ("event_cleared_at_once_wakes_all", event_cleared_at_once_wakes_all),
    ("barrier_keeps_a_thousand_rounds_of_five_in_step", barrier_keeps_step),
    ("barrier_breaks_for_all", barrier_breaks_for_all),
    ("barrier_tells_a_slow_waiter_that_its_round_is_over", barrier_tells_a_slow_waiter),
    ("fork_is_refused_while_holding", fork_is_refused_while_holding),
    ("a_forgotten_guard_does_no_harm", a_forgotten_guard_does_no_harm),
    ("locks_at_the_very_end_of_a_thread", locks_at_the_very_end_of_a_thread),
    ("dropped_ones_leave_no_memory", dropped_ones_leave_no_memory),
];

fn memory_is_shared_not_copied() {
    let before = descriptors();
    let memory = Memory::new((AtomicU64::new(1), [const { AtomicU32::new(7) }; 3])).unwrap();
    join_all([start(|| {
        memory.0.fetch_add(1, Ordering::Relaxed);
        memory.1[2].store(9, Ordering::Relaxed);
        Ok(())
    })]);
    assert_eq!(memory.0.load(Ordering::Relaxed), 2);
    assert_eq!(memory.1.each_ref().map(|atomic| atomic.load(Ordering::Relaxed)), [7, 7, 9]);
    nothing_left(&before);
}

/// How many are inside now, and how many were inside at most.
type Inside = Memory<(AtomicU32, AtomicU32)>;

fn inside() -> Inside {
    Memory::new((AtomicU32::new(0), AtomicU32::new(0))).unwrap()
}

fn visit(inside: &Inside, stay: Duration) {
    let now = inside.0.fetch_add(1, Ordering::SeqCst) + 1;
    inside.1.fetch_max(now, Ordering::SeqCst);
    if !stay.is_zero() {
        thread::sleep(stay);
    }
    inside.0.fetch_sub(1, Ordering::SeqCst);
}

fn lock_lets_in_one_at_a_time() {
    let before = descriptors();
    let lock = Lock::new((0_u64, 0_u64)).unwrap();
    let inside = inside();
    join_all([(); 4].map(|()| {
        start(|| {
            for _ in 0..20_000 {
                let mut guard = lock.acquire()?;
                visit(&inside, Duration::ZERO);
                guard.0 += 1;
                guard.1 += 2;
            }
            Ok(())
        })
    }));
    assert_eq!(*lock.acquire().unwrap(), (80_000, 160_000));
    assert_eq!(inside.1.load(Ordering::SeqCst), 1, "several were inside");
    nothing_left(&before);
}

fn lock_is_not_taken_twice() {
    let lock = Lock::new(0_u8).unwrap();
    let guard = lock.acquire().unwrap();
    assert!(matches!(lock.acquire(), Err(AcquireError::Failed(Error::AlreadyHeld))));
    assert!(matches!(lock.acquire_timeout(SECOND), Err(AcquireError::Failed(Error::AlreadyHeld))));
    assert!(lock.try_acquire().unwrap().is_none());
    guard.release();
    assert!(lock.try_acquire().unwrap().is_some());
    assert!(lock.acquire_timeout(Duration::MAX).is_ok(), "no limit is too long");
}

fn locks_serve_threads_too() {
    let lock = Lock::new(0_u32).unwrap();
    let semaphore = BoundedSemaphore::new(2).unwrap();
    let inside = inside();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5_000 {
                    *lock.acquire().unwrap() += 1;
                    let _permit = semaphore.acquire().unwrap();
                    visit(&inside, Duration::ZERO);
                }
            });
        }
    });
    assert_eq!(*lock.acquire().unwrap(), 20_000);
    assert!(inside.1.load(Ordering::SeqCst) <= 2);
}

/// One of each, to hold them all and to time out on them all.
struct All {
    lock: Lock<u8>,
    rlock: RLock,
    bounded: BoundedSemaphore,
    semaphore: Semaphore,
    condition: Condition<u8>,
}

impl All {
    fn new() -> Self {
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
        times_out("lock", |limit| self.lock.acquire_timeout(limit));
        times_out("rlock", |limit| self.rlock.acquire_timeout(limit));
        times_out("bounded", |limit| self.bounded.acquire_timeout(limit));
        times_out("semaphore", |limit| self.semaphore.acquire_timeout(limit));
        times_out("condition", |limit| self.condition.acquire_timeout(limit));
        assert!(self.lock.try_acquire().unwrap().is_none());
        assert!(self.rlock.try_acquire().unwrap().is_none());
        assert!(self.bounded.try_acquire().unwrap().is_none());
        assert!(self.semaphore.try_acquire().unwrap().is_none());
    }
}

fn stop(child: &Child) {
    kill(child.pid(), Signal::SIGSTOP).unwrap();
    eventually("it stops", SECOND, || state(child.pid()).is_some_and(|(state, _)| state == 'T'));
}

fn limits_hold() {
    let before = descriptors();
    let all = All::new();
    let holder = start_and_stay(|| all.hold());
    all.time_out();
    drop(holder);

    let condition = Condition::new(0_u8).unwrap();
    times_out("wait_for", |limit| condition.acquire()?.wait_for_timeout(limit, |value| *value > 0));
    assert!(condition.acquire().is_ok(), "who gave up has released the lock");
    let event = Event::new().unwrap();
    times_out("event", |limit| event.wait_timeout(limit).then_some(()).ok_or(Error::TimedOut));
    times_out("barrier", |limit| Barrier::new(2)?.wait_timeout(limit));
    nothing_left(&before);
}

fn limits_hold_beside_stopped_holders() {
    let before = descriptors();
    let all = All::new();
    let holder = start_and_stay(|| all.hold());
    stop(&holder);
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

    times_out("barrier", |limit| {
        let barrier = Barrier::new(3)?;
        let waiter = self::start(|| barrier.wait().map(drop));
        asleep(waiter.pid());
        stop(&waiter);
        barrier.wait_timeout(limit)
    });
    nothing_left(&before);
}

fn short_limits_of_a_lock() {
    let before = descriptors();
    let lock = Lock::new(0_u8).unwrap();
    let holder = start_and_stay(|| Ok(lock.acquire().map(mem::forget)?));
    keeps_short_limits(|limit| lock.acquire_timeout(limit));
    drop(holder);
    nothing_left(&before);
}

fn short_limits_of_a_semaphore() {
    let semaphore = Semaphore::new(0).unwrap();
    keeps_short_limits(|limit| semaphore.acquire_timeout(limit));
}

fn short_limits_of_a_condition() {
    let condition = Condition::new(0_u8).unwrap();
    keeps_short_limits(|limit| {
        condition.acquire().unwrap().wait_for_timeout(limit, |value| *value > 0).map(drop)
    });
}

fn short_limits_of_an_event() {
    let event = Event::new().unwrap();
    keeps_short_limits(|limit| event.wait_timeout(limit));
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

fn rlock_counts() {
    let before = descriptors();
    let lock = RLock::new().unwrap();
    let taken = || {
        let exit = Process::new(|| {
            let taken = lock.try_acquire()?.is_none(); // Bound, so that the guard is dropped before the exit.
            shared::exit(i32::from(taken))
        });
        exit.start().unwrap().join().unwrap() == Exit::Code(1)
    };
    assert!(!taken());
    // fork is refused while the lock is held, so a child holds it.
    let (inner, outer) = (Event::new().unwrap(), Event::new().unwrap());
    let (one_left, none_left) = (Event::new().unwrap(), Event::new().unwrap());
    let holder = start(|| {
        let first = lock.acquire()?;
        let second = lock.acquire_timeout(SECOND)?;
        inner.wait();
        second.release();
        one_left.set();
        outer.wait();
        first.release();
        none_left.set();
        Ok(())
    });
    eventually("it is taken", SECOND, taken);
    inner.set();
    one_left.wait();
    assert!(taken(), "released once of twice");
    outer.set();
    none_left.wait();
    assert!(!taken(), "released twice of twice");
    join_all([holder]);
    nothing_left(&before);
}

fn bounded_semaphore_lets_in_so_many() {
    let before = descriptors();
    let semaphore = BoundedSemaphore::new(2).unwrap();
    let inside = inside();
    join_all([(); 6].map(|()| {
        start(|| {
            for _ in 0..20 {
                let _permit = semaphore.acquire()?;
                visit(&inside, Duration::from_millis(1));
            }
            Ok(())
        })
    }));
    assert_eq!(inside.1.load(Ordering::SeqCst), 2);
    nothing_left(&before);
}

fn semaphore_counts_what_is_released() {
    let before = descriptors();
    let semaphore = Semaphore::new(0).unwrap();
    let consumers = [(); 3].map(|()| {
        start(|| {
            for _ in 0..1_000 {
                semaphore.acquire()?.consume();
            }
            Ok(())
        })
    });
    for _ in 0..3_000 {
        semaphore.release().unwrap();
    }
    join_all(consumers);
    assert!(semaphore.try_acquire().unwrap().is_none(), "one too many");
    nothing_left(&before);
}

fn semaphore_says_when_it_is_full() {
    let semaphore = Semaphore::new(1).unwrap();
    for _ in 1..Semaphore::MAX_PERMITS {
        semaphore.release().unwrap();
    }
    let error = semaphore.release().unwrap_err().to_string();
    assert_eq!(error, "release refused: there is room for 1024 at a time");
    semaphore.acquire().unwrap().consume();
    semaphore.release().unwrap();
}

fn condition_hands_over_each_item_once() {
    let before = descriptors();
    // Items there, items taken so far.
    let jar = Condition::new((0_u32, 0_u32)).unwrap();
    let takers = [(); 3].map(|()| {
        start(|| {
            loop {
                let mut guard = jar.acquire()?.wait_for(|jar| jar.0 > 0 || jar.1 == 3_000)?;
                if guard.1 == 3_000 {
                    return Ok(());
                }
                guard.0 -= 1;
                guard.1 += 1;
                if guard.1 == 3_000 {
                    guard.notify_all();
                }
            }
        })
    });
    for _ in 0..1_500 {
        let mut guard = jar.acquire().unwrap();
        guard.0 += 2;
        guard.notify(2);
    }
    join_all(takers);
    assert_eq!(*jar.acquire().unwrap(), (0, 3_000));
    nothing_left(&before);
}

fn condition_notifies_at_once() {
    let before = descriptors();
    let turn = Condition::new(0_u32).unwrap();
    let take_a_turn = |mine: u32| -> Result<()> {
        let mut guard = turn.acquire()?.wait_for(|turn| *turn % 2 == mine)?;
        *guard += 1;
        guard.notify_one();
        Ok(())
    };
    let other = start(|| (0..many_looks()).try_for_each(|_| take_a_turn(1)));
    for _ in 0..many_looks() {
        asleep(other.pid());
        take_a_turn(0).unwrap();
    }
    join_all([other]);
    nothing_left(&before);
}

fn event_wakes_all() {
    let before = descriptors();
    let event = Event::new().unwrap();
    assert!(!event.wait_timeout(TENTH));
    let waiters = [(); 3].map(|()| {
        start(|| {
            event.wait();
            assert!(event.is_set() && event.wait_timeout(Duration::ZERO));
            Ok(())
        })
    });
    event.set();
    event.set();
    join_all(waiters);
    event.clear();
    event.clear();
    assert!(!event.is_set());
    nothing_left(&before);
}

fn event_wakes_at_once() {
    let before = descriptors();
    let (there, back) = (Event::new().unwrap(), Event::new().unwrap());
    let echo = start(|| {
        loop {
            there.wait();
            there.clear();
            back.set();
        }
    });
    for _ in 0..many_looks() {
        asleep(echo.pid());
        there.set();
        back.wait();
        back.clear();
    }
    drop(echo);
    nothing_left(&before);
}

fn event_cleared_at_once_wakes_all() {
    let before = descriptors();
    let event = Event::new().unwrap();
    let waiters = [(); 3].map(|()| start(|| wait(&event)));
    // Long enough for all of them to call `wait` before the event is set.
    thread::sleep(2 * TENTH);
    event.set();
    event.clear();
    join_all(waiters);
    nothing_left(&before);
}

fn barrier_keeps_step() {
    let before = descriptors();
    let barrier = Barrier::new(5).unwrap();
    let arrived = Memory::new((AtomicU32::new(0), AtomicU32::new(0))).unwrap();
    let work = || {
        for round in 1..=1_000 {
            arrived.0.fetch_add(1, Ordering::SeqCst);
            if barrier.wait()? {
                arrived.1.fetch_add(1, Ordering::SeqCst);
            }
            assert_eq!(arrived.0.load(Ordering::SeqCst), 5 * round, "no one is ahead or behind");
            barrier.wait()?;
        }
        Ok(())
    };
    join_all([(); 5].map(|()| start(work)));
    assert_eq!(arrived.1.load(Ordering::SeqCst), 1_000, "one is last in each round");
    nothing_left(&before);
}

fn barrier_breaks_for_all() {
    let before = descriptors();
    let barrier = Barrier::new(4).unwrap();
    let waiters = [(); 2].map(|()| {
        start(|| {
            assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)));
            Ok(())
        })
    });
    waiters.iter().for_each(|waiter| asleep(waiter.pid()));
    assert!(matches!(barrier.wait_timeout(Duration::ZERO), Err(Error::TimedOut)));
    join_all(waiters);
    assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)), "those who come later too");
    nothing_left(&before);
}

fn barrier_tells_a_slow_waiter() {
    let before = descriptors();
    let barrier = Barrier::new(2).unwrap();
    let waiter = start(|| {
        assert!(!barrier.wait()?, "it was not the last to come");
        Ok(())
    });
    asleep(waiter.pid());
    stop(&waiter);
    assert!(barrier.wait().unwrap(), "the last to come");
    for _ in 0..3 {
        let other = start(|| barrier.wait().map(drop));
        asleep(other.pid()); // It would have ended if the slow one counted.
        assert!(barrier.wait().unwrap(), "the last to come");
        join_all([other]);
    }
    kill(waiter.pid(), Signal::SIGCONT).unwrap();
    join_all([waiter]);
    nothing_left(&before);
}

fn fork_is_refused_while_holding() {
    let before = descriptors();
    let all = All::new();
    let first = all.lock.acquire().unwrap();
    let second = all.bounded.acquire().unwrap();
    assert!(matches!(shared::fork(), Err(Error::ForkHoldingLock { locks: 2 })));
    drop(first);
    let error = Process::new(|| Ok(())).start().unwrap_err().to_string();
    assert!(error.starts_with("fork refused: this thread holds 1 lock or permit,"), "{error}");
    drop(second);
    join_all([start(|| Ok(()))]);
    nothing_left(&before);
}

fn a_forgotten_guard_does_no_harm() {
    let before = descriptors();
    let forget = || {
        let locks = [(); 3].map(|()| Lock::new(0_u64).unwrap());
        let [first, second, third] = locks.each_ref().map(|lock| lock.acquire().unwrap());
        mem::forget(second);
        drop((first, third));
        drop(locks);
        // In the thread's list of robust mutexes, this one is the neighbour of the forgotten one.
        let lock = Lock::new(1_u64).unwrap();
        assert_eq!(*lock.acquire().unwrap(), 1);
        Ok(())
    };
    join_all([(); 20].map(|()| start(forget)));
    // If such a thread ended, its lock would pass to another holder while a reference may be left. So the process ends.
    let child = start(|| {
        thread::spawn(forget).join().unwrap()?;
        Ok(())
    });
    assert_eq!(child.join().unwrap(), Exit::Signal(Signal::SIGABRT.into()));
    nothing_left(&before);
}

/// Uses locks when its thread is at its end.
struct Last<'a>(&'a AtomicU32);

impl Drop for Last<'_> {
    fn drop(&mut self) {
        drop(Lock::new(()).unwrap().acquire().unwrap());
        drop(BoundedSemaphore::new(1).unwrap().acquire().unwrap());
        let refused = Lock::new(1_u32).unwrap().acquire().map(drop).unwrap_err().to_string();
        assert!(refused.contains("the thread is ending"), "{refused}");
        self.0.store(1, Ordering::SeqCst);
    }
}

fn locks_at_the_very_end_of_a_thread() {
    static DONE: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static LAST: Last<'static> = const { Last(&DONE) };
    }
    let thread = thread::spawn(|| {
        // The first thread-local value to be used is the last to be dropped, after those that the locks use.
        LAST.with(|_| ());
        drop(Lock::new(0_u8).unwrap().acquire().unwrap());
    });
    thread.join().unwrap();
    assert_eq!(DONE.load(Ordering::SeqCst), 1);
}

fn dropped_ones_leave_no_memory() {
    let mappings = || std::fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let before = mappings();
    for _ in 0..10_000 {
        drop((All::new(), Event::new().unwrap(), Barrier::new(3).unwrap()));
    }
    assert!(mappings() < before + 50, "{} instead of {before}", mappings());
}
