//! A stack for each thread, on one thread of the system: the only unsafe code of this package.
//!
//! A fiber runs until it suspends itself, and goes on where it was when it is resumed. So exactly one thread of the
//! explored program runs at a time, and changing to another one takes some ten nanoseconds.

#![expect(
    unsafe_code,
    reason = "corosensei lends its yielder for as long as a fiber runs, and takes only closures that own what they use"
)]

use std::any::Any;
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{io, mem, process, ptr, thread};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

/// The bytes of a stack. Only the pages that are used take memory.
const SIZE: usize = 256 << 10;

thread_local! {
    /// The yielder of the fiber that is running; null if none is.
    static YIELDER: Cell<*const Yielder<(), ()>> = const { Cell::new(ptr::null()) };
}

/// What a fiber runs.
pub(crate) struct Body {
    run: Box<dyn FnOnce()>,
    /// Dropped after `run`.
    living: Living,
}

/// Counts as a body of a scope, until it is dropped.
struct Living(Option<Arc<AtomicUsize>>);

impl Drop for Living {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_sub(1, Relaxed);
        }
    }
}

impl Body {
    pub(crate) fn new(run: impl FnOnce() + 'static) -> Self {
        Self { run: Box::new(run), living: Living(None) }
    }

    /// Leaks everything that it owns: a destructor may have points, which only a fiber can have. It never runs.
    pub(crate) fn leak(self) {
        mem::forget(self.run);
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
pub(crate) struct Fiber {
    coroutine: Coroutine<(), (), (), DefaultStack>,
    /// The count of its scope.
    living: Option<Arc<AtomicUsize>>,
}

impl Fiber {
    pub(crate) fn new(stack: Stack, body: Body) -> Self {
        let living = body.living.0.clone();
        let coroutine = Coroutine::with_stack(stack.0, |yielder, ()| {
            YIELDER.set(yielder);
            let Body { run, living } = body;
            if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
                end_unwinding(panic);
            }
            drop(living);
        });
        Self { coroutine, living }
    }

    /// Runs it until it suspends itself or ends. Returns whether it has ended.
    pub(crate) fn resume(&mut self) -> bool {
        /// Takes the yielder away when the fiber has stopped, also if it has panicked.
        struct Reset;
        impl Drop for Reset {
            fn drop(&mut self) {
                YIELDER.set(ptr::null());
            }
        }
        let _reset = Reset;
        matches!(self.coroutine.resume(()), CoroutineResult::Return(()))
    }

    /// The stack of a fiber that has ended.
    pub(crate) fn into_stack(self) -> Stack {
        Stack(self.coroutine.into_stack())
    }

    /// Leaks everything that it owns, because it cannot be unwound. It never runs again.
    pub(crate) fn leak(self) {
        mem::forget(self.coroutine);
        drop(Living(self.living));
    }
}

/// Stops the fiber that is running, until it is resumed.
///
/// # Panics
///
/// If no fiber is running.
pub(crate) fn suspend() {
    let yielder = YIELDER.get();
    assert!(!yielder.is_null(), "only a fiber can be suspended");
    // SAFETY: a fiber sets the pointer when it starts and when it goes on, and `resume` takes it away when the fiber
    // has stopped. So this is the yielder of the fiber that is running, and lives until that fiber ends.
    unsafe { (*yielder).suspend(()) };
    YIELDER.set(yielder);
}

/// The payload that unwinds a fiber whose schedule was abandoned.
struct Abandoned;

/// Unwinds the fiber that is running, down to its start.
pub(crate) fn abandon() -> ! {
    resume_unwind(Box::new(Abandoned))
}

/// Ends an unwinding that began in [`abandon`]. Any other panic is a mistake of this package, and goes on.
fn end_unwinding(panic: Box<dyn Any + Send>) {
    if !panic.is::<Abandoned>() {
        resume_unwind(panic);
    }
}

/// A scope, whose bodies may borrow whatever lives longer than the call that opens it. The lifetimes are those of
/// `std::thread::Scope`.
#[derive(Debug)]
pub struct Scope<'scope, 'env: 'scope> {
    /// Its number among all that threads share.
    pub(crate) number: usize,
    living: Arc<AtomicUsize>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// Calls `f` with a scope, and then `wait`, which waits for the end of every body of the scope. The argument of `wait`
/// says whether `f` has panicked.
pub(crate) fn scope<'env, R>(
    number: usize,
    f: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R,
    wait: impl FnOnce(bool),
) -> thread::Result<R> {
    /// Ends the process if a body is left: it could use what it has borrowed after that is gone.
    struct Check(Arc<AtomicUsize>);
    impl Drop for Check {
        fn drop(&mut self) {
            if self.0.load(Relaxed) > 0 {
                process::abort();
            }
        }
    }
    let living = Arc::new(AtomicUsize::new(0));
    let _check = Check(Arc::clone(&living));
    let scope = Scope { number, living, scope: PhantomData, env: PhantomData };
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    wait(result.is_err());
    result
}

impl<'scope> Scope<'scope, '_> {
    /// A body that may borrow what its scope outlives.
    pub(crate) fn body(&'scope self, run: impl FnOnce() + 'scope) -> Body {
        self.living.fetch_add(1, Relaxed);
        let run: Box<dyn FnOnce() + 'scope> = Box::new(run);
        // SAFETY: only the lifetime changes. `scope` does not end, not even by unwinding, before the count is 0 again.
        // A body is counted until it is dropped, or until its fiber is leaked, and then it never runs again.
        let run = unsafe { mem::transmute::<Box<dyn FnOnce() + 'scope>, Box<dyn FnOnce()>>(run) };
        Body { run, living: Living(Some(Arc::clone(&self.living))) }
    }
}
