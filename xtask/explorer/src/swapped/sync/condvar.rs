//! Waiting until another thread says that something has changed.

use std::panic::Location;
use std::sync::LockResult;
use std::time::Duration;

use super::mutex::MutexGuard;
use super::raw::{RawGuard, checked, take};
use crate::engine::objects::{Object, condvar, lock::Access};
use crate::engine::search::Kind;
use crate::engine::{self, Engine, Id, Op, Place};
use crate::report::Question;

/// A condition variable, as `std::sync::Condvar`. No thread wakes without a notification or the end of its timeout. A
/// timeout may end at any time.
#[derive(Debug)]
pub struct Condvar {
    id: Id,
}

/// Whether a wait has ended because its timeout did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether it has.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// A condition variable in which no thread waits.
    #[track_caller]
    pub fn new() -> Self {
        let condvar = Object::Condvar(condvar::Condvar::default());
        let made = Location::caller();
        Self { id: engine::with(|engine| engine.state().make("condvar", condvar, made)) }
    }

    /// Releases the lock, waits for a notification, and takes the lock again.
    ///
    /// # Errors
    ///
    /// A holder of the lock has panicked.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (guard, is_poisoned, _) = self.sleep(guard, false, Location::caller());
        checked(guard, is_poisoned)
    }

    /// The same, until the condition is false.
    ///
    /// # Errors
    ///
    /// A holder of the lock has panicked.
    #[track_caller]
    pub fn wait_while<'a, T, F: FnMut(&mut T) -> bool>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>> {
        let at = Location::caller();
        while condition(&mut guard) {
            let (retaken, is_poisoned, _) = self.sleep(guard, false, at);
            guard = checked(retaken, is_poisoned)?;
        }
        Ok(guard)
    }

    /// The same as `wait`, or until the timeout ends.
    ///
    /// # Errors
    ///
    /// A holder of the lock has panicked.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (guard, is_poisoned, timed_out) = self.sleep(guard, true, Location::caller());
        checked((guard, WaitTimeoutResult(timed_out)), is_poisoned)
    }

    /// The same as `wait_while`, or until the timeout ends.
    ///
    /// # Errors
    ///
    /// A holder of the lock has panicked.
    #[track_caller]
    pub fn wait_timeout_while<'a, T, F: FnMut(&mut T) -> bool>(
        &self,
        mut guard: MutexGuard<'a, T>,
        _: Duration,
        mut condition: F,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (at, mut timed_out) = (Location::caller(), false);
        while condition(&mut guard) {
            if timed_out {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            let (retaken, is_poisoned, timeout) = self.sleep(guard, true, at);
            timed_out = timeout;
            match checked(retaken, is_poisoned) {
                Ok(retaken) => guard = retaken,
                Err(error) => {
                    let error = (error.into_inner(), WaitTimeoutResult(timed_out));
                    return Err(::std::sync::PoisonError::new(error));
                }
            }
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// Wakes one of the threads that wait. Which one is a choice.
    #[track_caller]
    pub fn notify_one(&self) {
        engine::act(Op::Notify, self.id, Location::caller(), |engine| {
            let waiters = engine.state().objects().condvar(self.id).waiters();
            let waiters = waiters.iter().fold(0_u64, |set, waiter| set | 1 << waiter);
            let woken = match waiters.count_ones() {
                0 => None,
                1 => Some(waiters.trailing_zeros() as usize),
                _ => match engine
                    .pick(Kind::Waiter, waiters, |_, waiters| Question::Waiter(waiters))
                {
                    Some(woken) => Some(woken),
                    None => return, // The schedule has ended here.
                },
            };
            if let Some(woken) = woken {
                engine.state().wake(self.id, woken);
            }
            engine.did(0, |state| match woken {
                Some(woken) => {
                    format!(
                        "notifies {}: {} wakes",
                        state.object_name(self.id),
                        state.thread_name(woken)
                    )
                }
                None => format!("notifies {}: no thread waits", state.object_name(self.id)),
            });
        });
        engine::stop_if_ended();
    }

    /// Wakes all threads that wait.
    #[track_caller]
    pub fn notify_all(&self) {
        engine::act(Op::Notify, self.id, Location::caller(), |engine| {
            let state = engine.state();
            let waiters = state.objects().condvar(self.id).waiters().to_vec();
            for waiter in &waiters {
                state.wake(self.id, *waiter);
            }
            engine.did(0, |state| {
                let names: Vec<String> =
                    waiters.iter().map(|waiter| state.thread_name(*waiter)).collect();
                let woken =
                    if names.is_empty() { "no thread waits".to_owned() } else { names.join(", ") };
                format!("notifies all in {}: {woken}", state.object_name(self.id))
            });
        });
    }

    /// Returns the guard, whether the lock is poisoned, and whether the timeout has ended.
    fn sleep<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timed: bool,
        at: Place,
    ) -> (MutexGuard<'a, T>, bool, bool) {
        let lock = guard.raw.id;
        engine::point(Op::Wait, self.id, at);
        guard.drop_value();
        engine::with(|engine| {
            guard.raw.release(engine);
            let state = engine.state();
            let me = state.me();
            state.objects().condvar(self.id).add(me);
            engine.did(0, |state| {
                format!(
                    "releases {}, and waits in {}",
                    state.object_name(lock),
                    state.object_name(self.id)
                )
            });
        });
        engine::point(Op::Asleep { lock, timed }, self.id, at);
        let retake = |engine: &mut Engine| take(engine, lock, Access::Exclusive, at);
        let timed_out = engine::with(|engine| engine.state().this().next().op != Op::Lock);
        let (raw, is_poisoned): (RawGuard, bool) = if timed_out {
            engine::with(|engine| {
                let state = engine.state();
                let me = state.me();
                state.objects().condvar(self.id).remove(me);
                state.yields();
                engine.did(1, |state| format!("stops waiting in {}", state.object_name(self.id)));
            });
            engine::act(Op::Lock, lock, at, retake)
        } else {
            engine::with(retake)
        };
        guard.retake(raw);
        (guard, is_poisoned, timed_out)
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
