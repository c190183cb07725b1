//! Workers that are killed while they hold the lock of the pool's queue of tasks, or of results.
//!
//! A lock is held only for a moment. Messages of some MiB, which are copied while it is held, make the moment longer. A
//! worker is stopped at a random moment. If another worker, which has nothing to do, then cannot do a small task, the
//! stopped one holds the lock, and is killed.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use shared::{Error, Exit, Handle, Message, Pool};

use crate::children::{PATIENCE, TENTH, kills};
use crate::harness::{Body, descriptors, eventually, nothing_left, state};
use crate::{children_of, goes_on, note_worker, notes, square, start, without_overflow, working};

pub(crate) const TESTS: &[Body] = &[
    ("idle_worker_killed_while_holding_the_queues_lock", killed_while_taking),
    ("worker_killed_while_writing_a_big_result", killed_while_writing_a_big_result),
];

const LONG: usize = 8 << 20;
/// How many workers are killed while they hold the lock, in a full run.
const KILLS: u32 = 30;
/// The most attempts for one of them.
const TRIES: usize = 300;

/// Runs in a worker.
#[expect(clippy::needless_pass_by_value, reason = "what crosses is a value")]
fn length(text: String) -> u64 {
    text.len() as u64
}

/// Runs in a worker.
fn long(length: u64) -> Noted {
    Noted("x".repeat(length as usize))
}

/// A text that notes which worker has encoded it, just before that worker sends it.
struct Noted(String);

impl Serialize for Noted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer).inspect(|_| note_worker())
    }
}

impl<'de> Deserialize<'de> for Noted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self)
    }
}

/// Submits a task again and again, and each time stops the busy worker after a random moment, until that worker holds
/// the lock that a small task needs as well. Then kills it, and returns the task's handle and the worker.
fn kill_a_holder<R: Message<Received = R>>(
    pool: &Pool,
    give_out: impl Fn() -> Handle<R>,
) -> (Handle<R>, Pid) {
    let [master] = children_of(Pid::this())[..] else { panic!("no master") };
    for _ in 0..TRIES {
        let task = give_out();
        thread::sleep(Duration::from_micros(fastrand::u64(0..5_000)));
        let busy = children_of(master).into_iter().find(|worker| is_in(*worker, 'R'));
        let Some(victim) = busy else {
            task.wait().unwrap();
            continue;
        };
        kill(victim, Signal::SIGSTOP).unwrap();
        eventually("it stops or ends", PATIENCE, || is_in(victim, 'T') || !is_in(victim, 'R'));
        let small = pool.apply_async(square, 3).unwrap();
        if matches!(small.get_timeout(2 * TENTH), Err(Error::TimedOut)) && !task.is_ready() {
            kill(victim, Signal::SIGKILL).unwrap();
            assert_eq!(small.get_timeout(PATIENCE).unwrap(), 9, "the small task is lost");
            return (task, victim);
        }
        kill(victim, Signal::SIGCONT).unwrap();
        task.wait().unwrap();
        assert_eq!(small.get().unwrap(), 9);
    }
    panic!("none of {TRIES} was stopped while it held the lock");
}

fn is_in(worker: Pid, letter: char) -> bool {
    state(worker).is_some_and(|(state, _)| state == letter)
}

/// Workers that do one task each: memory that a process touches for the first time is slow, and the lock held longer.
fn pool() -> Pool {
    start(Pool::builder().workers(3).tasks_per_worker(1))
}

fn killed_while_taking() {
    let before = descriptors();
    let pool = pool();
    let text = "x".repeat(LONG);
    for _ in 0..kills(KILLS) {
        let (task, _) = kill_a_holder(&pool, || pool.apply_async(length, text.clone()).unwrap());
        // It was not taken yet, so another worker does it.
        assert_eq!(task.get_timeout(PATIENCE).unwrap(), LONG as u64);
        goes_on(&pool);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn killed_while_writing_a_big_result() {
    let before = descriptors();
    without_overflow(); // With it, the small task's result would not wait for the lock.
    let pool = pool();
    let give_out = || {
        notes().0.store(0, Ordering::SeqCst);
        let task = pool.apply_async(long, LONG as u64).unwrap();
        working();
        task
    };
    for _ in 0..kills(KILLS) {
        let (task, victim) = kill_a_holder(&pool, give_out);
        let error = task.get_timeout(PATIENCE).map(drop).unwrap_err();
        let Error::WorkerDied { worker, exit } = error else { panic!("{error:?}") };
        assert_eq!((worker, exit), (victim, Exit::Signal(Signal::SIGKILL.into())));
        goes_on(&pool);
        assert_eq!(pool.apply(long, LONG as u64).unwrap().0.len(), LONG);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}
