//! How threads start and end.

use std::any::Any;
use std::panic::{Location, resume_unwind};

use super::objects::Object;
use super::objects::scope::Scope;
use super::op::{Id, NONE, Op, Place};
use super::{act, with};
use crate::fiber::Body;

/// The most threads of a program: a set of them is a `u64`.
const THREADS: usize = 64;

/// Starts a thread, and returns its number.
pub(crate) fn spawn(name: Option<String>, body: Body, scope: Option<Id>, at: Place) -> usize {
    let number = with(|engine| engine.state().threads().len());
    assert!(number < THREADS, "{at}: more than {THREADS} threads cannot be explored");
    with(|engine| {
        let state = engine.state();
        let clock = state.hand_on();
        let child = state.this().child(name, scope, body, at);
        state.add(child);
        state.thread(number).knowledge().clock = clock;
        if let Some(scope) = scope {
            state.objects().scope(scope).thread_starts();
        }
        engine.note(at.line(), |state| format!("starts {}", state.thread_name(number)));
    });
    number
}

/// Waits for the end of a thread.
pub(crate) fn join(thread: usize, at: Place) {
    act(Op::Join(thread), NONE, at, |engine| {
        let state = engine.state();
        state.learn_end(thread);
        let history = state.thread(thread).history();
        engine.did(history, |state| format!("joins {}", state.thread_name(thread)));
    });
}

/// Opens a scope.
#[track_caller]
pub(crate) fn open_scope() -> Id {
    let at = Location::caller();
    with(|engine| engine.state().make("scope", Object::Scope(Scope::default()), at))
}

/// Waits for the threads of a scope.
pub(crate) fn close_scope(scope: Id, has_panicked: bool, at: Place) {
    if has_panicked {
        caught();
    }
    act(Op::EndScope, scope, at, |engine| {
        let state = engine.state();
        for thread in 0..state.threads().len() {
            if state.thread(thread).scope() == Some(scope) {
                state.learn_end(thread);
            }
        }
        let panicked = state.objects().scope(scope).has_panicked();
        engine.did(panicked.into(), |_| "sees that all threads of the scope have ended".to_owned());
    });
}

/// Whether a thread of the scope has panicked and was not joined.
pub(crate) fn has_panicked(scope: Id) -> bool {
    with(|engine| engine.state().objects().scope(scope).has_panicked())
}

/// Drops the thread's own values, as at its end.
pub(crate) fn drop_locals() {
    let locals = with(|engine| engine.state().this().take_locals());
    drop(locals);
}

/// Notes that the panic of this thread was caught.
pub(crate) fn caught() {
    with(|engine| engine.state().this().set_unwinding(false));
}

/// Notes that this thread ends because it has panicked. Returns false if it was unwound because its schedule was
/// abandoned.
pub(crate) fn end_panic() -> bool {
    with(|engine| {
        if engine.is_abandoned() {
            return false;
        }
        let state = engine.state();
        state.this().set_unwinding(false);
        if let Some(scope) = state.this().scope() {
            state.objects().scope(scope).thread_panics();
        }
        true
    })
}

/// Notes that the panic of a thread was seen by the one that joined it.
pub(crate) fn panic_joined(thread: usize) {
    with(|engine| {
        let state = engine.state();
        if let Some(scope) = state.thread(thread).scope() {
            state.objects().scope(scope).panic_joined();
        }
    });
}

/// Goes on with a panic that was caught.
pub(crate) fn unwind(panic: Box<dyn Any + Send>) -> ! {
    with(|engine| engine.state().this().set_unwinding(true));
    resume_unwind(panic)
}
