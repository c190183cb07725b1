//! A lock without a value: what mutexes and read-write locks have in common.

use std::cell::Cell;
use std::sync::{LockResult, PoisonError};

use crate::engine::hash::mix;
use crate::engine::objects::Object;
use crate::engine::objects::lock::{Access, Lock};
use crate::engine::{self, Engine, Id, Op, Place};

/// A lock, without the value.
#[derive(Debug)]
pub(super) struct RawLock {
    pub(super) id: Id,
}

/// A lock that a thread holds. Dropping it is a step.
#[derive(Debug)]
pub(super) struct RawGuard {
    pub(super) id: Id,
    access: Access,
    at: Place,
    /// Whether its thread was panicking when it took the lock.
    was_panicking: bool,
    /// Whether the thread has looked at the value, and may have changed it.
    has_read: Cell<bool>,
    has_written: bool,
    is_held: bool,
}

impl RawLock {
    pub(super) fn new(kind: &'static str, made: Place) -> Self {
        let new = |engine: &mut Engine| {
            let state = engine.state();
            let content = state.this().history();
            state.make(kind, Object::Lock(Lock::new(content)), made)
        };
        Self { id: engine::with(new) }
    }

    /// Waits for the lock, and takes it. Returns whether it is poisoned too.
    pub(super) fn lock(&self, access: Access, at: Place) -> (RawGuard, bool) {
        let op = if access == Access::Exclusive { Op::Lock } else { Op::LockShared };
        engine::act(op, self.id, at, |engine| take(engine, self.id, access, at))
    }

    /// Takes the lock, if that is possible at once.
    pub(super) fn try_lock(&self, access: Access, at: Place) -> Option<(RawGuard, bool)> {
        let op = if access == Access::Exclusive { Op::TryLock } else { Op::TryLockShared };
        engine::act(op, self.id, at, |engine| {
            if !engine.state().objects().lock(self.id).is_free_for(access) {
                engine.did(2, |state| format!("finds {} taken", state.object_name(self.id)));
                return None;
            }
            Some(take(engine, self.id, access, at))
        })
    }

    pub(super) fn is_poisoned(&self) -> bool {
        engine::with(|engine| engine.state().objects().lock(self.id).is_poisoned())
    }

    pub(super) fn clear_poison(&self) {
        engine::with(|engine| engine.state().objects().lock(self.id).set_poisoned(false));
    }

    /// Notes that its owner has used the value without locking it: no other thread can.
    pub(super) fn owned(&self) {
        engine::with(|engine| {
            let state = engine.state();
            let content = state.objects().lock(self.id).content();
            state.this().reads(content);
            let history = state.this().history();
            state.objects().lock(self.id).set_content(history);
        });
    }
}

/// Gives the lock, which is free, to this thread.
pub(super) fn take(engine: &mut Engine, id: Id, access: Access, at: Place) -> (RawGuard, bool) {
    let state = engine.state();
    state.meet(id);
    let holder = state.holder(at);
    let lock = state.objects().lock(id);
    lock.take(access, holder);
    let is_poisoned = lock.is_poisoned();
    engine.did(is_poisoned.into(), |state| {
        let poisoned = if is_poisoned { ", which is poisoned" } else { "" };
        format!("takes {}{poisoned}", state.object_name(id))
    });
    let was_panicking = engine.state().this().is_unwinding();
    let has_read = Cell::new(false);
    (
        RawGuard { id, access, at, was_panicking, has_read, has_written: false, is_held: true },
        is_poisoned,
    )
}

impl RawGuard {
    /// Notes that the thread looks at the value.
    pub(super) fn reads(&self) {
        if !self.has_read.replace(true) {
            engine::with(|engine| {
                let state = engine.state();
                let content = state.objects().lock(self.id).content();
                state.this().reads(content);
            });
        }
    }

    /// Notes that the thread may change the value.
    pub(super) fn writes(&mut self) {
        self.reads();
        self.has_written = true;
    }

    /// Releases the lock, within a step of this thread.
    pub(super) fn release(&mut self, engine: &mut Engine) {
        let is_abandoned = engine.is_abandoned();
        let state = engine.state();
        state.meet(self.id);
        let is_panicking = state.this().is_unwinding() && !self.was_panicking;
        let (me, history) = (state.me(), state.this().history());
        let lock = state.objects().lock(self.id);
        lock.release(self.access, me);
        if is_panicking && self.access == Access::Exclusive && !is_abandoned {
            lock.set_poisoned(true);
        }
        if std::mem::take(&mut self.has_written) {
            lock.set_content(mix(lock.content(), history));
        }
        self.is_held = false;
    }

    /// The same as a step of its own.
    pub(super) fn unlock(&mut self) {
        engine::act(Op::Unlock, self.id, self.at, |engine| {
            self.release(engine);
            engine.did(0, |state| format!("releases {}", state.object_name(self.id)));
        });
    }
}

impl Drop for RawGuard {
    /// Releases a lock whose thread was unwound when it was about to release it.
    fn drop(&mut self) {
        if self.is_held {
            engine::with(|engine| self.release(engine));
        }
    }
}

/// `guard`, as an error if the lock is poisoned.
pub(super) fn checked<G>(guard: G, is_poisoned: bool) -> LockResult<G> {
    if is_poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
}
