//! What is initialised once, by the thread that needs it first.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::panic::Location;

use crate::engine::hash::mix;
use crate::engine::objects::{Object, once};
use crate::engine::{self, Engine, Id, Op, Place};

/// Something that happens once, as `std::sync::Once`.
#[derive(Debug)]
pub struct Once {
    id: Id,
}

/// What `call_once_force` tells its closure.
#[derive(Debug)]
pub struct OnceState(bool);

impl OnceState {
    /// Whether an earlier closure has panicked.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.0
    }
}

/// Ends an initialisation, also when it panics.
struct Initialising {
    id: Id,
    at: Place,
    is_done: bool,
}

impl Drop for Initialising {
    fn drop(&mut self) {
        let is_done = self.is_done;
        let end = |engine: &mut Engine| {
            let state = engine.state();
            state.meet(self.id);
            let history = state.this().history();
            state.objects().once(self.id).end(is_done, history);
            engine.did(is_done.into(), |state| {
                format!("has initialised {}", state.object_name(self.id))
            });
        };
        engine::act(Op::Done, self.id, self.at, end);
    }
}

impl Once {
    /// Something that has not happened yet.
    #[track_caller]
    pub fn new() -> Self {
        Self::called("once", Location::caller())
    }

    fn called(kind: &'static str, made: Place) -> Self {
        let once = Object::Once(once::Once::default());
        Self { id: engine::with(|engine| engine.state().make(kind, once, made)) }
    }

    /// Calls `f`, unless it or another closure was called. If another thread is in one, waits for its end.
    ///
    /// # Panics
    ///
    /// If an earlier closure has panicked.
    #[track_caller]
    pub fn call_once(&self, f: impl FnOnce()) {
        self.call(Location::caller(), false, |_| f());
    }

    /// The same, also after a closure that panicked.
    #[track_caller]
    pub fn call_once_force(&self, f: impl FnOnce(&OnceState)) {
        self.call(Location::caller(), true, f);
    }

    /// Whether it has happened.
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        self.look(Location::caller())
    }

    fn look(&self, at: Place) -> bool {
        engine::act(Op::Look, self.id, at, |engine| {
            let state = engine.state();
            state.meet(self.id);
            let once = state.objects().once(self.id);
            let is_done = once.is_done();
            let read = if is_done { once.content() | 1 } else { 0 };
            engine.did(read, |state| {
                let not = if is_done { "" } else { "not " };
                format!("sees that {} is {not}initialised", state.object_name(self.id))
            });
            is_done
        })
    }

    fn call(&self, at: Place, forced: bool, f: impl FnOnce(&OnceState)) {
        let was_poisoned = engine::act(Op::Once, self.id, at, |engine| {
            let state = engine.state();
            state.meet(self.id);
            let holder = state.holder(at);
            let once = state.objects().once(self.id);
            let (is_done, is_poisoned) = (once.is_done(), once.is_poisoned());
            if !is_done && (forced || !is_poisoned) {
                once.begin(holder);
            }
            let read = mix(once.content(), u64::from(is_done) << 1 | u64::from(is_poisoned));
            engine.did(read, |state| {
                let finds = if is_done { "finds what is in" } else { "begins to initialise" };
                format!("{finds} {}", state.object_name(self.id))
            });
            (!is_done).then_some(is_poisoned)
        });
        let Some(was_poisoned) = was_poisoned else { return };
        assert!(forced || !was_poisoned, "the closure of a Once has panicked before");
        let mut initialising = Initialising { id: self.id, at, is_done: false };
        f(&OnceState(was_poisoned));
        initialising.is_done = true;
    }
}

impl Default for Once {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

/// A value that is set once, as `std::sync::OnceLock`.
pub struct OnceLock<T> {
    once: Once,
    value: ::std::sync::OnceLock<T>,
}

impl<T> OnceLock<T> {
    /// A value that is not set.
    #[track_caller]
    pub fn new() -> Self {
        let once = Once::called("cell", Location::caller());
        Self { once, value: ::std::sync::OnceLock::new() }
    }

    /// The value, if it is set.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        if self.once.look(Location::caller()) { self.value.get() } else { None }
    }

    /// The value, if it is set.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// Sets the value.
    ///
    /// # Errors
    ///
    /// The value was set before. The error is the new value.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let value = Cell::new(Some(value));
        self.once.call(Location::caller(), true, |_| {
            if let Some(value) = value.take() {
                _ = self.value.set(value);
            }
        });
        value.take().map_or(Ok(()), Err)
    }

    /// The value, which `make` makes if it is not set.
    #[track_caller]
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.once.call(Location::caller(), true, |_| _ = self.value.set(make()));
        self.value.get().expect("it is initialised")
    }

    /// The value, if it was set.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for OnceLock<T> {
    /// Shows no value: to look at it would be a step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceLock").finish_non_exhaustive()
    }
}

/// A value that its first use makes, as `std::sync::LazyLock`.
pub struct LazyLock<T, F = fn() -> T> {
    value: OnceLock<T>,
    make: ::std::sync::Mutex<Option<F>>,
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A value that `make` will make.
    #[track_caller]
    pub fn new(make: F) -> Self {
        Self { value: OnceLock::new(), make: ::std::sync::Mutex::new(Some(make)) }
    }

    /// The value.
    #[track_caller]
    pub fn force(lazy: &Self) -> &T {
        lazy.value.once.call(Location::caller(), false, |_| {
            // The lock is free again before anything is called.
            let make = lazy.make.lock().map(|mut make| make.take()).ok().flatten();
            _ = lazy.value.value.set(make.expect("it is made once")());
        });
        lazy.value.value.get().expect("it is initialised")
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T, F> fmt::Debug for LazyLock<T, F> {
    /// Shows no value: to look at it would be a step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyLock").finish_non_exhaustive()
    }
}
