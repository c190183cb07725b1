//! How threads start and end.

use std::any::Any;
use std::panic::{Location, resume_unwind};
use std::sync::atomic::Ordering;

use super::hash::mix;
use super::object::{Scope, State};
use super::op::{Id, NONE, Op, Place};
use super::thread::Thread;
use super::{Engine, THREADS, act, with};
use crate::fiber::Body;
use crate::memory::VectorClock;
use crate::report::Memory;

/// Starts a thread, and returns its number.
pub(crate) fn spawn(name: Option<String>, body: Body, scope: Option<Id>, at: Place) -> usize {
    let number = with(|engine| engine.threads.len());
    assert!(number < THREADS, "{at}: more than {THREADS} threads cannot be explored");
    with(|engine| {
        let parent = engine.this();
        parent.started += 1;
        let mut child = Thread::new(name, mix(mix(parent.hash, 5), parent.started), at);
        child.history = mix(child.hash, parent.history);
        child.scope = scope;
        child.knowledge.clock = engine.hand_on();
        engine.threads.push(child);
        engine.bodies.push(Some(body));
        if let Some(scope) = scope {
            engine.scope(scope).running += 1;
        }
        if engine.trace.is_some() {
            let what = format!("starts {}", engine.thread_name(number));
            engine.note(at.line(), what, None);
        }
    });
    number
}

/// Waits for the end of a thread.
pub(crate) fn join(thread: usize, at: Place) {
    act(Op::Join(thread), NONE, at, |engine| {
        let history = engine.threads[thread].history;
        engine.learn_end(thread);
        engine.did(history, |engine| format!("joins {}", engine.thread_name(thread)));
    });
}

/// Opens a scope.
#[track_caller]
pub(crate) fn open_scope() -> Id {
    let at = Location::caller();
    with(|engine| engine.make("scope", State::Scope(Scope::default()), at))
}

/// Waits for the threads of a scope.
pub(crate) fn close_scope(scope: Id, has_panicked: bool, at: Place) {
    if has_panicked {
        caught();
    }
    act(Op::EndScope, scope, at, |engine| {
        for thread in 0..engine.threads.len() {
            if engine.threads[thread].scope == Some(scope) {
                engine.learn_end(thread);
            }
        }
        let panicked = engine.scope(scope).panicked > 0;
        engine.did(panicked.into(), |_| "sees that all threads of the scope have ended".to_owned());
    });
}

/// Whether a thread of the scope has panicked and was not joined.
pub(crate) fn has_panicked(scope: Id) -> bool {
    with(|engine| engine.scope(scope).panicked > 0)
}

/// Drops the thread's own values, as at its end.
pub(crate) fn drop_locals() {
    // They may do anything when they are dropped, so the engine must not be in use.
    let locals = with(|engine| std::mem::take(&mut engine.this().locals));
    drop(locals);
}

/// Notes that the panic of this thread was caught.
pub(crate) fn caught() {
    with(|engine| engine.this().is_unwinding = false);
}

/// Notes that this thread ends because it has panicked. Returns false if it was unwound because its schedule was
/// abandoned.
pub(crate) fn end_panic() -> bool {
    with(|engine| {
        if engine.is_abandoned {
            return false;
        }
        engine.this().is_unwinding = false;
        if let Some(scope) = engine.this().scope {
            engine.scope(scope).panicked += 1;
        }
        true
    })
}

/// Notes that the panic of this thread was seen by a thread that joined it.
pub(crate) fn forgive(thread: usize) {
    with(|engine| {
        if let Some(scope) = engine.threads[thread].scope {
            engine.scope(scope).panicked -= 1;
        }
    });
}

/// Goes on with a panic that was caught.
pub(crate) fn unwind(panic: Box<dyn Any + Send>) -> ! {
    with(|engine| engine.this().is_unwinding = true);
    resume_unwind(panic)
}

impl Engine {
    /// What this thread knows, for another one. What it learns later is not in it.
    pub(crate) fn hand_on(&mut self) -> VectorClock {
        if self.memory == Memory::Sequential {
            return VectorClock::default();
        }
        let me = self.me;
        let clock = &mut self.threads[me].knowledge.clock;
        let handed_on = clock.clone();
        clock.tick(me);
        handed_on
    }

    /// Learns what another thread has handed on.
    pub(crate) fn learn(&mut self, clock: &VectorClock) {
        self.this().knowledge.clock.join(clock);
    }

    /// A fence.
    pub(crate) fn fence(&mut self, ordering: Ordering) {
        let me = self.me;
        self.threads[me].knowledge.fence(me, ordering, &mut self.sequential);
    }

    /// Learns all that a thread knew at its end.
    fn learn_end(&mut self, thread: usize) {
        if self.memory == Memory::Weak {
            let clock = self.threads[thread].knowledge.clock.clone();
            self.learn(&clock);
        }
    }

    pub(crate) fn scope(&mut self, scope: Id) -> &mut Scope {
        match &mut self.objects[scope.0].state {
            State::Scope(scope) => scope,
            other => unreachable!("{other:?} is no scope"),
        }
    }

    /// Notes that this thread has ended.
    pub(crate) fn end_thread(&mut self) {
        let thread = self.this();
        thread.has_ended = true;
        if let Some(scope) = thread.scope {
            self.scope(scope).running -= 1;
        }
        if self.ended.is_none() && !self.is_abandoned {
            self.choose();
        }
    }
}
