//! A stack for each thread, on one thread of the system: the only unsafe code of this package.
//!
//! A fiber runs until it suspends itself, and goes on where it was when it is resumed. So exactly one thread of the
//! explored program runs at a time, and changing to another one takes some ten nanoseconds.

#![expect(
    unsafe_code,
    reason = "corosensei lends its yielder for as long as a fiber runs, and takes only closures that own what they use"
)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::{io, mem, ptr};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::engine::{self, Id};

/// The bytes of a stack. Only the pages that are used take memory.
const SIZE: usize = 256 << 10;

thread_local! {
    /// The yielder of the fiber that is running.
    static YIELDER: Cell<*const Yielder<(), ()>> = const { Cell::new(ptr::null()) };
}

/// What a fiber runs.
pub(crate) struct Body(Box<dyn FnOnce()>);

impl Body {
    pub(crate) fn new(body: impl FnOnce() + 'static) -> Self {
        Self(Box::new(body))
    }
}

/// A stack that is not in use.
pub(crate) struct Stack(DefaultStack);

impl Stack {
    pub(crate) fn new() -> io::Result<Self> {
        DefaultStack::new(SIZE).map(Self)
    }
}

/// A thread of the explored program, from its start to its end.
pub(crate) struct Fiber(Coroutine<(), (), (), DefaultStack>);

impl Fiber {
    pub(crate) fn new(stack: Stack, body: Body) -> Self {
        Self(Coroutine::with_stack(stack.0, |yielder, ()| {
            YIELDER.set(yielder);
            if let Err(panic) = catch_unwind(AssertUnwindSafe(body.0)) {
                engine::end_unwinding(panic);
            }
        }))
    }

    /// Runs it until it suspends itself or ends. Returns whether it has ended.
    pub(crate) fn resume(&mut self) -> bool {
        matches!(self.0.resume(()), CoroutineResult::Return(()))
    }

    /// The stack of a fiber that has ended.
    pub(crate) fn into_stack(self) -> Stack {
        Stack(self.0.into_stack())
    }

    /// Keeps everything that it owns for ever, because it cannot be unwound.
    pub(crate) fn leak(self) {
        mem::forget(self);
    }
}

/// Stops the fiber that is running, until it is resumed.
pub(crate) fn suspend() {
    let yielder = YIELDER.get();
    // SAFETY: a fiber sets the pointer when it starts and whenever it goes on, and resets no other one. So it is the
    // yielder of the fiber that is running, which lives in a frame below this one.
    unsafe { (*yielder).suspend(()) };
    YIELDER.set(yielder);
}

/// A scope, whose threads may borrow whatever lives longer than the call that opened it. The lifetimes are those of
/// `std::thread::Scope`.
#[derive(Debug)]
pub struct Scope<'scope, 'env: 'scope> {
    id: Id,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// Calls `f` with a scope, and returns when every thread of it has ended.
///
/// # Panics
///
/// With the panic of `f`. If a thread has panicked and was not joined, with a panic of its own.
#[track_caller]
pub(crate) fn scope<'env, R>(f: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R) -> R {
    let scope = Scope { id: engine::open_scope(), scope: PhantomData, env: PhantomData };
    let at = Location::caller();
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    let panicked = engine::close_scope(scope.id, result.is_err(), at);
    match result {
        Err(panic) => engine::unwind(panic),
        Ok(_) if panicked => panic!("a scoped thread panicked"),
        Ok(result) => result,
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread of this scope, and returns its number.
    pub(crate) fn run(
        &'scope self,
        name: Option<String>,
        body: impl FnOnce() + 'scope,
        at: &'static Location<'static>,
    ) -> usize {
        let body: Box<dyn FnOnce() + 'scope> = Box::new(body);
        // SAFETY: only the lifetime changes. `scope` does not end before `close_scope` has returned or unwound, and
        // that happens when every thread of the scope has ended: in an abandoned schedule too, where the threads are
        // unwound in the opposite order of their starts. One that cannot be unwound is leaked, and never runs again.
        let body = unsafe { mem::transmute::<Box<dyn FnOnce() + 'scope>, Box<dyn FnOnce()>>(body) };
        engine::spawn(name, Body(body), Some(self.id), at)
    }
}
