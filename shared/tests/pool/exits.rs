//! The program that calls a pool ends by itself: it returns from main, panics, or still uses pools at its very end.

use std::cell::RefCell;
use std::process::Command;

use shared::sync::{Event, Lock};
use shared::{Pool, Process, Queue, Subprocess};
use shutdown_hooks::add_shutdown_hook;

use crate::children::actor;
use crate::harness::{Body, descriptors, nothing_left};
use crate::parents::{end, ready};
use crate::{goes_on, nap, pool_of, square, start_a_stay};

pub(crate) const TESTS: &[Body] = &[
    ("main_leaves_while_a_task_runs", main_leaves_while_a_task_runs),
    ("main_leaves_an_idle_pool_in_silence", main_leaves_an_idle_pool),
    ("main_panics_while_a_task_runs", main_panics_while_a_task_runs),
    ("a_pool_works_at_the_end_of_its_thread", a_pool_works_at_the_end_of_its_thread),
    ("an_exit_handler_may_use_everything", an_exit_handler_may_use_everything),
];

pub(crate) const ACTS: &[Body] = &[
    ("main leaves", act_main_leaves),
    ("main leaves an idle pool", act_main_leaves_an_idle_pool),
    ("main panics", act_main_panics),
    ("thread-locals end", act_thread_locals_end),
    ("an exit handler", act_an_exit_handler),
];

fn act_main_leaves() {
    let pool = pool_of(1);
    let _done = pool.apply_async(square, 2).unwrap(); // Done when the next one begins, though no one has asked.
    let (_handle, _) = start_a_stay(&pool);
    ready();
}

fn act_main_leaves_an_idle_pool() {
    let pool = pool_of(2);
    assert_eq!(pool.apply(square, 2).unwrap(), 4);
    ready();
}

fn act_main_panics() {
    let pool = pool_of(2);
    drop(pool.apply_async(nap, 60_000).unwrap());
    ready();
    panic!("on purpose");
}

fn main_leaves_while_a_task_runs() {
    let before = descriptors();
    let (status, text) = end(actor("main leaves"));
    assert!(status.success());
    assert_eq!(
        text,
        "a pool was dropped with tasks not done: 1; close and join it, or terminate it\n"
    );
    nothing_left(&before);
}

fn main_leaves_an_idle_pool() {
    let before = descriptors();
    let (status, text) = end(actor("main leaves an idle pool"));
    assert!(status.success());
    assert_eq!(text, "");
    nothing_left(&before);
}

fn main_panics_while_a_task_runs() {
    let before = descriptors();
    let (status, text) = end(actor("main panics"));
    assert_eq!(status.code(), Some(101));
    assert!(text.contains("on purpose"), "{text}");
    assert!(text.contains("a pool was dropped with tasks not done: 1"), "{text}");
    nothing_left(&before);
}

/// Uses its pool when the thread-local that owns it is dropped, and then a new one.
struct UsedAtTheEnd(Option<Pool>);

impl Drop for UsedAtTheEnd {
    fn drop(&mut self) {
        for pool in [self.0.take().unwrap_or_else(|| pool_of(1)), pool_of(2)] {
            goes_on(&pool);
            pool.close().join().unwrap();
        }
        let dropped = pool_of(1);
        goes_on(&dropped);
    }
}

thread_local! {
    static FIRST: RefCell<UsedAtTheEnd> = const { RefCell::new(UsedAtTheEnd(None)) };
    static LAST: RefCell<UsedAtTheEnd> = const { RefCell::new(UsedAtTheEnd(None)) };
}

/// One of the two is dropped before the thread-locals of the library, and the other after them, whichever order the
/// system chooses.
fn act_thread_locals_end() {
    FIRST.with_borrow_mut(|first| first.0 = Some(pool_of(2)));
    let pool = pool_of(1);
    goes_on(&pool);
    LAST.with_borrow_mut(|last| last.0 = Some(pool));
    ready();
}

fn a_pool_works_at_the_end_of_its_thread() {
    let before = descriptors();
    let (status, text) = end(actor("thread-locals end"));
    assert!(status.success(), "{status}: {text}");
    assert_eq!(text, "");
    nothing_left(&before);
}

/// Runs when main has returned and all thread-locals have been dropped.
extern "C" fn at_exit() {
    let pool = pool_of(2);
    goes_on(&pool);
    pool.close().join().unwrap();
    goes_on(&pool_of(1)); // Dropped.

    let (queue, event) = (Queue::new().unwrap(), Event::new().unwrap());
    let child = Process::new(|| {
        event.wait();
        queue.put(&7)
    });
    let child = child.start().unwrap();
    event.set();
    assert_eq!(queue.get().unwrap(), 7);
    assert!(child.join().unwrap().success());
    assert!(Subprocess::start(&mut Command::new("true")).unwrap().wait().unwrap().success());

    Lock::new(()).unwrap().acquire().unwrap().release();
    let refused = Lock::new(0_u8).unwrap().acquire().map(drop).unwrap_err().to_string();
    eprintln!("{refused}");
}

fn act_an_exit_handler() {
    assert!(add_shutdown_hook(at_exit));
    goes_on(&pool_of(1)); // Now the library has its thread-locals.
    ready();
}

fn an_exit_handler_may_use_everything() {
    let before = descriptors();
    let (status, text) = end(actor("an exit handler"));
    assert!(status.success(), "{status}: {text}");
    assert_eq!(text, "acquire refused: the thread is ending; acquire the lock earlier\n");
    nothing_left(&before);
}
