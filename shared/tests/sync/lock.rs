//! Locks: one holder at a time, and nothing that the holder does leaves a lock wrong.

use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;
use shared::sync::{AcquireError, BoundedSemaphore, Event, Lock, RLock};
use shared::{Error, Exit, Process};

use crate::children::{SECOND, join_all, start};
use crate::harness::{Body, descriptors, eventually, nothing_left};
use crate::timeouts::All;
use crate::{inside, visit};

pub(crate) const TESTS: &[Body] = &[
    ("lock_lets_in_one_at_a_time", lock_lets_in_one_at_a_time),
    ("lock_is_not_taken_twice", lock_is_not_taken_twice),
    ("locks_serve_threads_too", locks_serve_threads_too),
    ("rlock_counts", rlock_counts),
    ("fork_is_refused_while_holding", fork_is_refused_while_holding),
    ("a_forgotten_guard_does_no_harm", a_forgotten_guard_does_no_harm),
    ("locks_at_the_very_end_of_a_thread", locks_at_the_very_end_of_a_thread),
];

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
    assert!(lock.acquire_timeout(Duration::MAX).is_ok(), "no timeout is too long");
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
