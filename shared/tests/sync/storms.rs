//! Thousands of kills at random moments: no process hangs, and nothing is lost.
//!
//! A plain run kills a tenth of what `STORM=full` does, which is 10,000 waiters and 1,000 holders.

use std::time::{Duration, Instant};
use std::{mem, thread};

use shared::sync::{
    AcquireError, Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore,
};
use shared::{Error, Result};

use crate::children::{join_all, kills, start};
use crate::harness::{Body, descriptors, nothing_left};
use crate::steps::{kill_after, shares_of};
use crate::{is_recovered, wait};

pub(crate) const TESTS: &[Body] = &[
    ("storm_over_waiters_of_a_lock", waiters_of_a_lock),
    ("storm_over_waiters_of_a_semaphore", waiters_of_a_semaphore),
    ("storm_over_waiters_of_a_condition", waiters_of_a_condition),
    ("storm_over_waiters_of_an_event", waiters_of_an_event),
    ("storm_over_waiters_of_a_barrier", waiters_of_a_barrier),
    ("storm_over_holders_of_a_lock", holders_of_a_lock),
    ("storm_over_holders_of_an_rlock", holders_of_an_rlock),
    ("storm_over_holders_of_a_permit", holders_of_a_permit),
    ("storm_over_holders_of_a_condition", holders_of_a_condition),
    ("a_holder_killed_after_any_instruction", a_holder_killed_after_any_instruction),
    ("a_permit_survives_a_kill_after_any_instruction", a_permit_survives_any_kill),
];

/// A call that has not returned after this hangs. A sleeper that missed its notice would check again after a tenth.
const HANGS: Duration = Duration::from_secs(5);

/// For `wake`, where the other processes wake each other all the time.
const NOTHING: fn() = || ();

/// Kills children that do `wait` again and again, each at a random moment of its life, shortly before or after `wake`.
/// Then `goes_on` must find that the others go on.
fn kill_waiters(wait: impl Fn() -> Result<()>, wake: impl Fn(), mut goes_on: impl FnMut()) {
    for _ in 0..kills(2_000) {
        let victim = start(|| {
            loop {
                wait()?;
            }
        });
        // Most often longer than a fork takes, and now and then shorter.
        thread::sleep(Duration::from_micros(fastrand::u64(0..1_500)));
        if fastrand::bool() {
            wake();
            victim.kill().unwrap();
        } else {
            victim.kill().unwrap();
            wake();
        }
        goes_on();
        drop(victim);
    }
}

/// Kills children that hold something: each time, the next holder must learn of it.
fn kill_holders<G>(
    acquire: impl Fn() -> Result<G, AcquireError<G>>,
    acquire_timeout: impl Fn(Duration) -> Result<G, AcquireError<G>>,
) {
    let before = descriptors();
    let holds = Event::new().unwrap();
    for _ in 0..kills(250) {
        holds.clear();
        let victim = start(|| {
            mem::forget(acquire()?);
            holds.set();
            loop {
                nix::unistd::pause();
            }
        });
        assert!(holds.wait_timeout(HANGS), "the victim hangs");
        victim.kill().unwrap();
        assert!(is_recovered(&acquire_timeout(HANGS)), "the death is not reported");
        drop(victim);
    }
    nothing_left(&before);
}

fn waiters_of_a_lock() {
    let before = descriptors();
    let lock = Lock::new(0_u64).unwrap();
    let end = Event::new().unwrap();
    let take = || {
        *lock.acquire().or_else(AcquireError::into_guard)? += 1;
        Ok(())
    };
    let survivor = start(|| {
        while !end.is_set() {
            take()?;
        }
        Ok(())
    });
    kill_waiters(take, NOTHING, || {
        *lock.acquire_timeout(HANGS).or_else(AcquireError::into_guard).unwrap() += 1;
    });
    end.set();
    join_all([survivor]);
    nothing_left(&before);
}

fn waiters_of_a_semaphore() {
    let before = descriptors();
    let semaphore = BoundedSemaphore::new(2).unwrap();
    let end = Event::new().unwrap();
    let take = || semaphore.acquire().or_else(AcquireError::into_guard).map(drop);
    let survivors = [(); 2].map(|()| {
        start(|| {
            while !end.is_set() {
                take()?;
            }
            Ok(())
        })
    });
    kill_waiters(take, NOTHING, || {
        drop(semaphore.acquire_timeout(HANGS).or_else(AcquireError::into_guard).unwrap());
    });
    end.set();
    join_all(survivors);
    // Both permits are still there, no matter who had them.
    let first = semaphore.try_acquire().or_else(|error| error.into_guard().map(Some)).unwrap();
    let second = semaphore.try_acquire().or_else(|error| error.into_guard().map(Some)).unwrap();
    assert!(first.is_some() && second.is_some(), "a permit is lost");
    assert!(semaphore.try_acquire().unwrap().is_none(), "there is a permit too many");
    drop((first, second));
    nothing_left(&before);
}

fn waiters_of_a_condition() {
    let before = descriptors();
    // The number of items in the jar, and 1 if there will be no more.
    let jar = Condition::new((0_u32, 0_u32)).unwrap();
    let take = || {
        let guard = jar.acquire().or_else(AcquireError::into_guard)?;
        let waited = guard.wait_for(|jar| jar.0 > 0 || jar.1 > 0);
        let mut guard = waited.or_else(AcquireError::into_guard)?;
        guard.0 = guard.0.saturating_sub(1);
        Ok(guard.1)
    };
    let survivor = start(|| {
        while take()? == 0 {}
        Ok(())
    });
    kill_waiters(
        || take().map(drop),
        || {
            let mut guard = jar.acquire_timeout(HANGS).or_else(AcquireError::into_guard).unwrap();
            guard.0 += 1;
            guard.notify_one();
        },
        || {
            let start = Instant::now();
            // Even if the process that was notified is killed: the others check again by themselves.
            while jar.acquire().or_else(AcquireError::into_guard).unwrap().0 > 0 {
                assert!(start.elapsed() < HANGS, "an item that no process takes");
                thread::sleep(Duration::from_micros(50));
            }
        },
    );
    let mut guard = jar.acquire().or_else(AcquireError::into_guard).unwrap();
    guard.1 = 1;
    guard.notify_all();
    drop(guard);
    join_all([survivor]);
    nothing_left(&before);
}

fn waiters_of_an_event() {
    let before = descriptors();
    let (ping, pong, end) = (Event::new().unwrap(), Event::new().unwrap(), Event::new().unwrap());
    let survivor = start(|| {
        while !end.is_set() {
            ping.wait();
            ping.clear();
            pong.set();
        }
        Ok(())
    });
    kill_waiters(
        || wait(&ping),
        || ping.set(),
        || {
            assert!(pong.wait_timeout(HANGS), "a wake-up is lost");
            pong.clear();
        },
    );
    end.set();
    ping.set();
    join_all([survivor]);
    nothing_left(&before);
}

fn waiters_of_a_barrier() {
    let before = descriptors();
    let barrier = Barrier::new(2).unwrap();
    let survivor = start(|| {
        loop {
            match barrier.wait() {
                Ok(_) => {}
                Err(Error::BarrierBroken) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    });
    kill_waiters(
        || barrier.wait().map(drop),
        NOTHING,
        || {
            barrier.wait_timeout(HANGS).unwrap();
        },
    );
    // The survivor may be there already, which makes this process the last to come.
    while barrier.wait_timeout(Duration::ZERO).is_ok() {}
    join_all([survivor]);
    nothing_left(&before);
}

fn holders_of_a_lock() {
    let lock = Lock::new([0_u64; 8]).unwrap();
    kill_holders(|| lock.acquire(), |timeout| lock.acquire_timeout(timeout));
}

fn holders_of_an_rlock() {
    let lock = RLock::new().unwrap();
    kill_holders(|| lock.acquire(), |timeout| lock.acquire_timeout(timeout));
}

fn holders_of_a_permit() {
    let semaphore = Semaphore::new(1).unwrap();
    kill_holders(|| semaphore.acquire(), |timeout| semaphore.acquire_timeout(timeout));
}

fn holders_of_a_condition() {
    let condition = Condition::new(0_u8).unwrap();
    kill_holders(|| condition.acquire(), |timeout| condition.acquire_timeout(timeout));
}

fn a_holder_killed_after_any_instruction() {
    let before = descriptors();
    let accounts = Lock::new([100_u64, 0]).unwrap();
    let pay = || {
        let mut accounts = accounts.acquire().unwrap();
        accounts[0] -= 30;
        accounts[1] += 30;
    };
    for instructions in shares_of(&pay) {
        *accounts.acquire().unwrap() = [100, 0];
        kill_after(instructions, &pay);
        match accounts.acquire_timeout(HANGS) {
            Ok(accounts) => {
                let is_whole = [[100, 0], [70, 30]].contains(&accounts);
                assert!(is_whole, "after {instructions} instructions: {:?}", *accounts);
            }
            Err(AcquireError::Recovered(_)) => {}
            Err(error) => panic!("after {instructions} instructions: {error}"),
        }
    }
    nothing_left(&before);
}

fn a_permit_survives_any_kill() {
    let before = descriptors();
    let semaphore = Semaphore::new(2).unwrap();
    let visit = || drop(semaphore.acquire().unwrap());
    for instructions in shares_of(&visit) {
        kill_after(instructions, &visit);
        let permits = [(); 3].map(|()| semaphore.try_acquire());
        for permit in &permits[..2] {
            let is_there = matches!(permit, Ok(Some(_)) | Err(AcquireError::Recovered(_)));
            assert!(is_there, "after {instructions} instructions: {permits:?}");
        }
        assert!(matches!(&permits[2], Ok(None)), "after {instructions} instructions: {permits:?}");
    }
    nothing_left(&before);
}
