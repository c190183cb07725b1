//! One task at a time: apply, handles, timeouts, callbacks.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use shared::{Error, Handle, Pool, Result};

use crate::children::{PATIENCE, fails_after_its_timeout, keeps_short_timeouts};
use crate::harness::{Body, descriptors, eventually, nothing_left};
use crate::{
    begin_turn, fail, goes_on, in_turn, notes, pool_of, square, start, start_a_stay,
    without_overflow, without_panic_messages, worker,
};

pub(crate) const TESTS: &[Body] = &[
    ("apply_returns_the_result", apply_returns_the_result),
    ("apply_async_returns_at_once", apply_async_returns_at_once),
    ("get_can_be_repeated", get_can_be_repeated),
    ("handles_keep_their_timeouts", handles_keep_their_timeouts),
    ("a_handle_that_is_only_looked_at_becomes_ready", a_handle_that_is_only_looked_at),
    ("workers_go_on_while_the_caller_is_busy", workers_go_on_while_the_caller_is_busy),
    ("a_panic_is_the_tasks_error", a_panic_is_the_tasks_error),
    ("an_error_is_a_result_like_any_other", an_error_is_a_result_like_any_other),
    ("callbacks_are_called_once_each", callbacks_are_called_once_each),
    ("a_handle_may_have_several_callbacks", a_handle_may_have_several_callbacks),
    ("a_callback_gets_the_error", a_callback_gets_the_error),
    ("a_callback_may_use_the_pool", a_callback_may_use_the_pool),
    ("a_panic_in_a_callback_leaves_the_pool_usable", a_panic_in_a_callback),
    ("a_panic_in_each_callback_drops_the_pool", a_panic_in_each_callback),
    ("a_callback_that_is_dropped_may_use_the_pool", a_callback_that_is_dropped),
    ("a_task_too_large_is_reported_with_both_sizes", a_task_too_large),
    ("a_result_too_large_for_all_memory_is_reported_with_both_sizes", a_result_too_large),
    ("more_tasks_and_results_than_there_is_room_for", more_than_there_is_room_for),
];

fn apply_returns_the_result() {
    let before = descriptors();
    let pool = pool_of(4);
    assert_eq!(pool.apply(square, 5).unwrap(), 25);
    assert_ne!(pool.apply(worker, ()).unwrap(), std::process::id().cast_signed());
    // Arguments and results of any type that crosses; several arguments are a tuple.
    let joined = pool.apply(|(left, right): (String, Vec<char>)| (left, right.len()), {
        ("zzb".to_owned(), vec!['a'; 3])
    });
    assert_eq!(joined.unwrap(), ("zzb".to_owned(), 3));
    assert_eq!(pool.apply(|()| (), ()).unwrap(), ());
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn apply_async_returns_at_once() {
    let before = descriptors();
    let pool = pool_of(2);
    let handle = pool.apply_async(in_turn, 1).unwrap(); // Its turn has not come.
    assert!(!handle.is_ready());
    begin_turn(1);
    assert_eq!(handle.get().unwrap(), 1);
    assert!(handle.is_ready());
    drop(handle);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn get_can_be_repeated() {
    let before = descriptors();
    let pool = pool_of(1);
    let handle = pool.apply_async(square, 6).unwrap();
    handle.wait().unwrap();
    assert_eq!(handle.get().unwrap(), 36);
    assert_eq!(handle.get_timeout(Duration::ZERO).unwrap(), 36);
    pool.close().join().unwrap();
    assert_eq!(handle.get().unwrap(), 36, "it outlives its pool");
    drop(handle);
    nothing_left(&before);
}

fn handles_keep_their_timeouts() {
    let before = descriptors();
    let pool = pool_of(1);
    let (handle, _) = start_a_stay(&pool);
    let timed_out = |error: &Error| matches!(error, Error::TimedOut);
    keeps_short_timeouts(|timeout| handle.get_timeout(timeout));
    fails_after_its_timeout("get", timed_out, |timeout| handle.get_timeout(timeout));
    let wait = |timeout| match handle.wait_timeout(timeout) {
        Ok(false) => Err(Error::TimedOut),
        other => other,
    };
    fails_after_its_timeout("wait", timed_out, wait);
    let mut closed = pool.close();
    let join = |timeout| match closed.join_timeout(timeout) {
        Ok(false) => Err(Error::TimedOut),
        other => other,
    };
    fails_after_its_timeout("join", timed_out, join);
    closed.terminate().unwrap();
    drop(handle);
    nothing_left(&before);
}

fn a_handle_that_is_only_looked_at() {
    let before = descriptors();
    let pool = pool_of(1);
    let mut handle = pool.apply_async(square, 3).unwrap();
    eventually("it is ready", PATIENCE, || handle.is_ready());
    handle = pool.apply_async(square, 4).unwrap();
    eventually("it waits", PATIENCE, || handle.wait_timeout(Duration::ZERO).unwrap());
    handle = pool.apply_async(square, 5).unwrap();
    eventually("it gets", PATIENCE, || handle.get_timeout(Duration::ZERO).is_ok());
    let mut closed = pool.close();
    while !closed.join_timeout(Duration::ZERO).unwrap() {
        thread::yield_now();
    }
    drop((handle, closed));
    nothing_left(&before);
}

fn workers_go_on_while_the_caller_is_busy() {
    let before = descriptors();
    let pool = pool_of(2);
    let count = |(): ()| notes().1.fetch_add(1, Ordering::SeqCst);
    let handles: Vec<_> = (0..8).map(|_| pool.apply_async(count, ()).unwrap()).collect();
    // Without a call of the pool or of a handle.
    eventually("all are done", PATIENCE, || notes().1.load(Ordering::SeqCst) == 8);
    handles.iter().for_each(|handle| handle.wait().unwrap());
    drop(handles);
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// What a task panics with; it panics again when it is dropped.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        panic!("in the destructor");
    }
}

fn a_panic_is_the_tasks_error() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(1);
    let worker_before = pool.apply(worker, ()).unwrap();
    let error = pool.apply(fail, 13).unwrap_err();
    assert!(matches!(&error, Error::Panicked(text) if text == "13 is no luck"), "{error:?}");
    for panics in [|()| -> u8 { panic_any(13_u8) }, |()| -> u8 { panic_any(Payload) }] {
        let error = pool.apply(panics, ()).unwrap_err();
        assert!(
            matches!(&error, Error::Panicked(text) if text == "a value that is no text"),
            "{error:?}"
        );
    }
    assert_eq!(pool.apply(worker, ()).unwrap(), worker_before, "its worker goes on");
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn an_error_is_a_result_like_any_other() {
    let before = descriptors();
    let pool = pool_of(1);
    let parse = |text: String| text.parse::<u8>().map_err(|error| error.to_string());
    assert_eq!(pool.apply(parse, "7".to_owned()).unwrap(), Ok(7));
    assert!(pool.apply(parse, "x".to_owned()).unwrap().is_err());
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// A list that callbacks write to.
type List<T> = Rc<RefCell<Vec<T>>>;

/// A callback that writes what it gets to the list.
fn note(list: &List<Result<u64>>) -> impl FnOnce(Result<u64>) + 'static {
    let list = Rc::clone(list);
    move |result| list.borrow_mut().push(result)
}

fn callbacks_are_called_once_each() {
    let before = descriptors();
    let pool = pool_of(3);
    let results = List::default();
    let submit = |n| {
        let handle = pool.apply_async(square, n).unwrap();
        handle.on_done(note(&results));
        handle
    };
    // Some handles are kept and asked several times, and others are dropped at once.
    let kept: Vec<_> = (0..100).map(submit).collect();
    (100..200).for_each(|n| drop(submit(n)));
    for handle in kept.iter().chain(&kept) {
        handle.get().unwrap();
    }
    // One that is added when the result is there.
    let late = pool.apply_async(square, 200).unwrap();
    late.wait().unwrap();
    late.on_done(note(&results));
    drop((kept, late));
    pool.close().join().unwrap();
    let mut results: Vec<u64> = results.take().into_iter().map(Result::unwrap).collect();
    results.sort_unstable();
    assert_eq!(results, (0..=200).map(square).collect::<Vec<_>>());
    nothing_left(&before);
}

fn a_handle_may_have_several_callbacks() {
    let before = descriptors();
    let pool = pool_of(1);
    let (first, second) = (List::default(), List::default());
    let handle = pool.apply_async(square, 3).unwrap();
    handle.on_done(note(&first));
    handle.on_done(note(&second));
    handle.wait().unwrap();
    assert_eq!(first.take().pop().unwrap().unwrap(), 9);
    assert_eq!(second.take().pop().unwrap().unwrap(), 9);
    drop(handle);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_callback_gets_the_error() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(1);
    let results = List::default();
    pool.apply_async(fail, 1).unwrap().on_done(note(&results));
    let (stays, _) = start_a_stay(&pool);
    stays.on_done(note(&results));
    pool.terminate().unwrap();
    let [first, second] = &results.take()[..] else { panic!("not two results") };
    assert!(matches!(first, Err(Error::Panicked(_))), "{first:?}");
    assert!(matches!(second, Err(Error::Terminated)), "{second:?}");
    drop(stays);
    nothing_left(&before);
}

fn a_callback_may_use_the_pool() {
    let before = descriptors();
    let pool = Rc::new(pool_of(2));
    let results = List::default();
    for n in 0..20 {
        let (inner, results) = (Rc::clone(&pool), note(&results));
        let callback = move |result: Result<u64>| results(inner.apply(square, result.unwrap()));
        pool.apply_async(square, n).unwrap().on_done(callback);
    }
    eventually("all have called", PATIENCE, || {
        goes_on(&pool);
        results.borrow().len() == 20
    });
    let mut results: Vec<u64> = results.take().into_iter().map(Result::unwrap).collect();
    results.sort_unstable();
    assert_eq!(results, (0..20).map(|n| square(square(n))).collect::<Vec<_>>());
    Rc::into_inner(pool).expect("no callback is left").close().join().unwrap();
    nothing_left(&before);
}

/// A pool that is dropped meanwhile calls no further callback: a second panic would abort the process.
fn a_panic_in_each_callback() {
    let before = descriptors();
    without_panic_messages();
    let play = catch_unwind(|| {
        let pool = pool_of(1);
        let handles: Vec<_> = (1..=3).map(|n| pool.apply_async(square, n).unwrap()).collect();
        handles.iter().for_each(|handle| handle.on_done(|_| panic!("in a callback")));
        let _ = handles[2].get();
    });
    let text = play.unwrap_err();
    assert_eq!(text.downcast_ref::<&str>(), Some(&"in a callback"));
    nothing_left(&before);
}

/// Waits for its task when it is dropped.
struct Watcher(Handle<u64>);

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.get();
    }
}

fn a_callback_that_is_dropped() {
    let before = descriptors();
    without_panic_messages();
    let play = catch_unwind(|| {
        let pool = pool_of(1);
        let watcher = Watcher(pool.apply_async(square, 1).unwrap());
        let watched = pool.apply_async(square, 2).unwrap();
        watched.on_done(move |_| drop(watcher));
        panic!("beside a callback");
    });
    assert_eq!(play.unwrap_err().downcast_ref::<&str>(), Some(&"beside a callback"));
    nothing_left(&before);
}

fn a_panic_in_a_callback() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    let handle = pool.apply_async(square, 2).unwrap();
    handle.on_done(|_| panic!("in the callback"));
    let caught = catch_unwind(AssertUnwindSafe(|| handle.get()));
    assert!(caught.is_err(), "it comes out of the call that waits");
    assert_eq!(handle.get().unwrap(), 4);
    goes_on(&pool);
    drop(handle);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn a_task_too_large() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).room(1 << 16));
    let error = pool.apply(|text: String| text.len(), long(1 << 16)).unwrap_err();
    let Error::TooLarge { size, room } = error else { panic!("{error:?}") };
    assert!(size > 1 << 16 && room < 1 << 16, "{size} {room}");
    assert_eq!(pool.apply(|text: String| text.len(), long(room - 16)).unwrap(), room - 16);
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_result_too_large() {
    let before = descriptors();
    without_overflow();
    let pool = start(Pool::builder().workers(1).room(1 << 16));
    let error = pool.apply(long, 1 << 16).unwrap_err();
    let Error::TooLarge { size, room } = error else { panic!("{error:?}") };
    assert!(size > 1 << 16 && room < 1 << 16, "{size} {room}");
    assert_eq!(pool.apply(long, room - 16).unwrap().len(), room - 16);
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn more_than_there_is_room_for() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(2).room(1 << 14));
    // The tasks need 100 times the room, and so do the results.
    let twice = |text: String| text.clone() + &text;
    let submit = |_| pool.apply_async(twice, long(1 << 12)).unwrap();
    let handles: Vec<_> = (0..400).map(submit).collect();
    assert!(handles.iter().all(|handle| handle.get().unwrap().len() == 1 << 13));
    drop(handles);
    pool.close().join().unwrap();
    nothing_left(&before);
}
