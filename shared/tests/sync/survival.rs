//! What locks, semaphores, conditions, events and barriers survive: holders and waiters that are killed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{mem, thread};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use shared::sync::{
    AcquireError, Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore,
};
use shared::{Error, Exit, Memory, Result};

use crate::children::{
    SECOND, TENTH, actor, all_end_within, asleep, join_all, start, start_and_stay,
};
use crate::harness::{Body, descriptors, nothing_left, play};
use crate::{is_recovered, wait};

pub(crate) const TESTS: &[Body] = &[
    ("lock_of_a_killed_holder", lock_of_a_killed_holder),
    ("rlock_of_a_killed_holder", rlock_of_a_killed_holder),
    ("bounded_permit_of_a_killed_holder", bounded_permit_of_a_killed_holder),
    ("permit_of_a_killed_holder", permit_of_a_killed_holder),
    ("condition_of_a_killed_holder", condition_of_a_killed_holder),
    ("holders_that_exit_are_told_of_too", holders_that_exit_are_told_of_too),
    ("a_program_may_exit_with_a_lock", a_program_may_exit_with_a_lock),
    ("all_permits_of_a_killed_holder_come_back", all_permits_of_a_killed_holder_come_back),
    ("a_recovered_value_can_be_repaired", a_recovered_value_can_be_repaired),
    ("a_condition_waiter_learns_of_a_killed_holder", a_waiter_learns),
    ("a_change_by_one_killed_before_its_notice_is_seen", a_change_without_a_notice),
    ("killed_waiters_of_a_lock_have_no_effect", killed_waiters_of_a_lock),
    ("killed_waiters_of_a_condition_have_no_effect", killed_waiters_of_a_condition),
    ("killed_waiters_of_an_event_have_no_effect", killed_waiters_of_an_event),
    ("a_killed_waiter_of_a_barrier_is_replaced", a_killed_waiter_of_a_barrier_is_replaced),
    ("giving_up_does_not_wait_for_killed_waiters", giving_up_does_not_wait_for_killed_waiters),
    ("a_killed_group_leaves_no_memory", a_killed_group_leaves_no_memory),
];

pub(crate) const ACTS: &[Body] =
    &[("hold everything", act_hold_everything), ("exit with a lock", act_exit_with_a_lock)];

/// Kills the holder while another process waits. That one must get the lock, and learn of the death, but only once.
fn goes_on<G>(
    hold: impl Fn() -> Result<(), Error>,
    acquire: impl Fn() -> Result<G, AcquireError<G>>,
) {
    let before = descriptors();
    for waits_already in [true, false] {
        let holder = start_and_stay(&hold);
        let waiter = if waits_already {
            let waiter = start(|| {
                assert!(is_recovered(&acquire()), "the death is not reported");
                assert!(acquire().is_ok(), "the death is reported twice");
                Ok(())
            });
            asleep(waiter.pid());
            waiter
        } else {
            start(|| Ok(()))
        };
        holder.kill().unwrap();
        // A waiter that does not get the lock waits for ever.
        if waits_already {
            join_all([waiter]);
        } else {
            drop(waiter);
            assert!(is_recovered(&acquire()), "the death is not reported");
        }
        assert_eq!(holder.join().unwrap(), Exit::Signal(Signal::SIGKILL.into()));
        assert!(acquire().is_ok(), "the death is reported twice");
    }
    nothing_left(&before);
}

fn lock_of_a_killed_holder() {
    let lock = Lock::new(0_u8).unwrap();
    goes_on(|| Ok(lock.acquire().map(mem::forget)?), || lock.acquire());
}

fn rlock_of_a_killed_holder() {
    let lock = RLock::new().unwrap();
    let twice = || {
        mem::forget(lock.acquire()?);
        mem::forget(lock.acquire()?);
        Ok(())
    };
    goes_on(twice, || lock.acquire());
}

fn bounded_permit_of_a_killed_holder() {
    let semaphore = BoundedSemaphore::new(1).unwrap();
    goes_on(|| Ok(semaphore.acquire().map(mem::forget)?), || semaphore.acquire());
}

fn permit_of_a_killed_holder() {
    let semaphore = Semaphore::new(0).unwrap();
    semaphore.release().unwrap();
    goes_on(|| Ok(semaphore.acquire().map(mem::forget)?), || semaphore.acquire());
}

fn condition_of_a_killed_holder() {
    let condition = Condition::new(0_u8).unwrap();
    goes_on(|| Ok(condition.acquire().map(mem::forget)?), || condition.acquire());
}

fn holders_that_exit_are_told_of_too() {
    let before = descriptors();
    let lock = Lock::new(0_u8).unwrap();
    let holder = start(|| {
        let _guard = lock.acquire()?;
        shared::exit(3)
    });
    assert_eq!(holder.join().unwrap(), Exit::Code(3));
    assert!(is_recovered(&lock.acquire()));
    assert!(lock.acquire().is_ok());
    // A panic unwinds: the guard is dropped in order.
    let holder = start(|| {
        std::panic::set_hook(Box::new(|_| ()));
        let _guard = lock.acquire()?;
        panic!("in the middle")
    });
    assert_eq!(holder.join().unwrap(), Exit::Panicked("in the middle".into()));
    assert!(lock.acquire().is_ok());
    nothing_left(&before);
}

fn act_exit_with_a_lock() {
    let lock = Lock::new(0_u8).unwrap();
    let _guard = lock.acquire().unwrap();
    std::process::exit(3);
}

fn a_program_may_exit_with_a_lock() {
    let output = play("exit with a lock").output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(3), Vec::new()));
}

fn all_permits_of_a_killed_holder_come_back() {
    const MANY: usize = 3_000; // More than the kernel releases when a thread ends.
    let before = descriptors();
    let semaphore = BoundedSemaphore::new(MANY).unwrap();
    let rlock = RLock::new().unwrap();
    let taken = Memory::new(AtomicUsize::new(0)).unwrap();
    let holder = start_and_stay(|| {
        // It counts as one lock, however often it is acquired. It is the first that the thread holds.
        (0..MANY).for_each(|_| mem::forget(rlock.acquire().unwrap()));
        let error = loop {
            match semaphore.try_acquire() {
                Ok(permit) => mem::forget(permit.expect("more than one may hold")),
                Err(error) => break Error::from(error),
            }
            taken.fetch_add(1, Ordering::SeqCst);
        };
        assert!(matches!(error, Error::NoRoom { call: "acquire", room: 2048 }), "{error:?}");
        Ok(())
    });
    drop(holder);
    assert!(is_recovered(&rlock.acquire()));
    let mut recovered = Vec::new();
    while let Err(AcquireError::Recovered(permit)) = semaphore.try_acquire() {
        recovered.push(permit);
    }
    assert_eq!(recovered.len(), taken.load(Ordering::SeqCst));
    drop(recovered);
    nothing_left(&before);
}

fn a_recovered_value_can_be_repaired() {
    let before = descriptors();
    let accounts = Lock::new((100_u32, 0_u32)).unwrap();
    let mover = start_and_stay(|| {
        let mut guard = accounts.acquire()?;
        guard.0 -= 30; // And never arrives.
        mem::forget(guard);
        Ok(())
    });
    drop(mover);
    let Err(AcquireError::Recovered(mut guard)) = accounts.acquire() else {
        panic!("the death is not reported")
    };
    assert_eq!(*guard, (70, 0));
    guard.1 = 100 - guard.0;
    drop(guard);
    assert_eq!(*accounts.acquire().unwrap(), (70, 30));

    let mover = start_and_stay(|| Ok(accounts.acquire().map(mem::forget)?));
    drop(mover);
    let error = accounts.acquire().map(drop).map_err(Error::from).unwrap_err();
    assert!(matches!(error, Error::Recovered));
    assert!(accounts.acquire().is_ok(), "`?` has released it");
    nothing_left(&before);
}

fn a_waiter_learns() {
    let before = descriptors();
    let condition = Condition::new(0_u8).unwrap();
    let waiter = start(|| {
        let result = condition.acquire()?.wait_for(|value| *value == 1);
        assert!(is_recovered(&result));
        assert!(result.or_else(AcquireError::into_guard)?.wait_for(|value| *value == 1).is_ok());
        Ok(())
    });
    asleep(waiter.pid());
    drop(start_and_stay(|| Ok(condition.acquire().map(mem::forget)?)));
    thread::sleep(2 * TENTH);
    let mut guard = condition.acquire().unwrap();
    *guard = 1;
    guard.notify_one();
    drop(guard);
    join_all([waiter]);
    nothing_left(&before);
}

fn a_change_without_a_notice() {
    let before = descriptors();
    let condition = Condition::new(0_u8).unwrap();
    let waiter = start(|| Ok(condition.acquire()?.wait_for(|value| *value == 1).map(drop)?));
    asleep(waiter.pid());
    drop(start_and_stay(|| {
        *condition.acquire()? = 1;
        Ok(()) // Never comes to its notify.
    }));
    join_all([waiter]);
    nothing_left(&before);
}

fn killed_waiters_of_a_lock() {
    let before = descriptors();
    let lock = Lock::new(0_u8).unwrap();
    let go = Event::new().unwrap();
    let held = Event::new().unwrap();
    let holder = start(|| {
        let _guard = lock.acquire()?;
        held.set();
        wait(&go)
    });
    held.wait();
    let victims = [(); 5].map(|()| start(|| Ok(lock.acquire().map(drop)?)));
    let survivors = [(); 3].map(|()| start(|| Ok(lock.acquire().map(drop)?)));
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    go.set();
    join_all(survivors);
    join_all([holder]);
    nothing_left(&before);
}

fn killed_waiters_of_a_condition() {
    let before = descriptors();
    let condition = Condition::new(0_u32).unwrap();
    let wait = || {
        let mut guard = condition.acquire()?.wait_for(|items| *items > 0)?;
        *guard -= 1;
        Ok(())
    };
    let victims = [(); 5].map(|()| start(wait));
    let survivors = [(); 3].map(|()| start(wait));
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    for _ in 0..3 {
        let mut guard = condition.acquire().unwrap();
        *guard += 1;
        guard.notify_one();
    }
    join_all(survivors);
    nothing_left(&before);
}

fn killed_waiters_of_an_event() {
    let before = descriptors();
    let event = Event::new().unwrap();
    let victims = [(); 5].map(|()| start(|| wait(&event)));
    let survivors = [(); 3].map(|()| start(|| wait(&event)));
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    event.set();
    assert!(event.is_set());
    join_all(survivors);
    nothing_left(&before);
}

fn a_killed_waiter_of_a_barrier_is_replaced() {
    let before = descriptors();
    let barrier = Barrier::new(3).unwrap();
    let wait = || barrier.wait().map(drop);
    let victim = start(wait);
    let survivor = start(wait);
    [&victim, &survivor].iter().for_each(|child| asleep(child.pid()));
    drop(victim);
    let substitute = start(wait);
    asleep(substitute.pid()); // It would have ended if the dead one counted.
    assert!(barrier.wait().unwrap(), "the last to come");
    join_all([survivor, substitute]);
    nothing_left(&before);
}

fn giving_up_does_not_wait_for_killed_waiters() {
    let before = descriptors();
    let barrier = Barrier::new(8).unwrap();
    let broken = || {
        assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)));
        Ok(())
    };
    let victims = [(); 4].map(|()| start(broken));
    let survivors = [(); 3].map(|()| start(broken));
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    assert!(matches!(barrier.wait_timeout(Duration::ZERO), Err(Error::TimedOut)));
    join_all(survivors);
    nothing_left(&before);
}

fn act_hold_everything() {
    let memory = Memory::new(std::sync::atomic::AtomicU64::new(0)).unwrap();
    let (lock, condition) = (Lock::new([0_u64; 4096]).unwrap(), Condition::new(0).unwrap());
    let (semaphore, barrier) = (Semaphore::new(3).unwrap(), Barrier::new(2).unwrap());
    let child = start(|| {
        let (_guard, _permit) = (lock.acquire()?, semaphore.acquire()?);
        memory.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        println!("ready");
        barrier.wait().map(drop)
    });
    let _ = condition.acquire().unwrap().wait_for(|value| *value == 1);
    drop(child);
}

fn a_killed_group_leaves_no_memory() {
    let before = descriptors();
    let mut actor = actor("hold everything");
    thread::sleep(Duration::from_millis(20));
    killpg(Pid::from_raw(actor.id() as i32), Signal::SIGKILL).unwrap();
    actor.wait().unwrap();
    all_end_within(SECOND);
    drop(actor);
    nothing_left(&before);
}
