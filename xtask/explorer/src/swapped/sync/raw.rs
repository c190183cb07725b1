//! A lock without a value: what mutexes and read-write locks have in common.

use std::cell::Cell;
use std::sync::{LockResult, PoisonError};

use crate::engine::hash::mix;
use crate::engine::object::{Holder, Lock, State};
use crate::engine::{self, Engine, Id, Op, Place};

/// Whether a lock is shared with other readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// One thread, which may write.
    Alone,
    /// Any number of threads, which only read.
    Shared,
}

/// A lock, without the value.
#[derive(Debug)]
pub(super) struct RawLock {
    pub(super) id: Id,
}

/// A lock that a thread holds. Dropping it is a step.
#[derive(Debug)]
pub(super) struct RawGuard {
    pub(super) id: Id,
    share: Share,
    at: Place,
    /// Whether its thread was panicking when it took the lock.
    was_panicking: bool,
    /// Whether the thread has looked at the value, and may have changed it.
    has_read: Cell<bool>,
    has_written: bool,
    is_held: bool,
}

impl Engine {
    pub(crate) fn lock(&mut self, id: Id) -> &mut Lock {
        match &mut self.objects[id.0].state {
            State::Lock(lock) => lock,
            other => unreachable!("{other:?} is no lock"),
        }
    }
}

impl RawLock {
    pub(super) fn new(kind: &'static str, made: Place) -> Self {
        let new = |engine: &mut Engine| {
            let content = engine.this().history;
            engine.make(kind, State::Lock(Lock { content, ..Lock::default() }), made)
        };
        Self { id: engine::with(new) }
    }

    /// Waits for the lock, and takes it. Returns whether it is poisoned too.
    pub(super) fn lock(&self, share: Share, at: Place) -> (RawGuard, bool) {
        let op = if share == Share::Alone { Op::Lock } else { Op::LockShared };
        engine::act(op, self.id, at, |engine| take(engine, self.id, share, at))
    }

    /// Takes the lock, if that is possible at once.
    pub(super) fn try_lock(&self, share: Share, at: Place) -> Option<(RawGuard, bool)> {
        let op = if share == Share::Alone { Op::TryLock } else { Op::TryLockShared };
        engine::act(op, self.id, at, |engine| {
            let lock = engine.lock(self.id);
            let is_free =
                lock.writer.is_none() && (share == Share::Shared || lock.readers.is_empty());
            if !is_free {
                engine.did(2, |engine| format!("finds {} taken", engine.object_name(self.id)));
                return None;
            }
            Some(take(engine, self.id, share, at))
        })
    }

    pub(super) fn is_poisoned(&self) -> bool {
        engine::with(|engine| engine.lock(self.id).is_poisoned)
    }

    pub(super) fn clear_poison(&self) {
        engine::with(|engine| engine.lock(self.id).is_poisoned = false);
    }

    /// Notes that its owner has used the value without locking it: no other thread can.
    pub(super) fn owned(&self) {
        engine::with(|engine| {
            let content = engine.lock(self.id).content;
            let thread = engine.this();
            thread.history = mix(thread.history, content);
            let history = thread.history;
            engine.lock(self.id).content = history;
        });
    }
}

/// Gives the lock, which is free, to this thread.
pub(super) fn take(engine: &mut Engine, id: Id, share: Share, at: Place) -> (RawGuard, bool) {
    engine.meet(id);
    let holder = Holder { thread: engine.me, at };
    let lock = engine.lock(id);
    let is_poisoned = lock.is_poisoned;
    match share {
        Share::Alone => lock.writer = Some(holder),
        Share::Shared => lock.readers.push(holder),
    }
    engine.did(is_poisoned.into(), |engine| {
        let poisoned = if is_poisoned { ", which is poisoned" } else { "" };
        format!("takes {}{poisoned}", engine.object_name(id))
    });
    let was_panicking = engine.this().is_unwinding;
    let has_read = Cell::new(false);
    (
        RawGuard { id, share, at, was_panicking, has_read, has_written: false, is_held: true },
        is_poisoned,
    )
}

impl RawGuard {
    /// Notes that the thread looks at the value.
    pub(super) fn reads(&self) {
        if !self.has_read.replace(true) {
            engine::with(|engine| {
                let content = engine.lock(self.id).content;
                let thread = engine.this();
                thread.history = mix(thread.history, content);
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
        engine.meet(self.id);
        let thread = engine.this();
        let is_panicking = thread.is_unwinding && !self.was_panicking;
        let poisons = is_panicking && self.share == Share::Alone && !engine.is_abandoned;
        let (me, history) = (engine.me, engine.this().history);
        let lock = engine.lock(self.id);
        match self.share {
            Share::Alone => lock.writer = None,
            Share::Shared => {
                if let Some(index) = lock.readers.iter().position(|holder| holder.thread == me) {
                    lock.readers.swap_remove(index);
                }
            }
        }
        lock.is_poisoned |= poisons;
        if std::mem::take(&mut self.has_written) {
            lock.content = mix(lock.content, history);
        }
        self.is_held = false;
    }

    /// The same as a step of its own.
    pub(super) fn unlock(&mut self) {
        engine::act(Op::Unlock, self.id, self.at, |engine| {
            self.release(engine);
            engine.did(0, |engine| format!("releases {}", engine.object_name(self.id)));
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
