//! Pools: what each call promises, and what a pool survives.

mod apply;
#[path = "../harness/children.rs"]
mod children;
mod copies;
mod crashes;
mod dispatch;
mod exits;
mod faults;
#[path = "../harness/mod.rs"]
mod harness;
mod life;
mod locks;
mod map;
mod overflow;
mod parents;
#[path = "../harness/seccomp.rs"]
mod seccomp;
#[path = "../harness/sigchld.rs"]
mod sigchld;
mod storms;
mod surroundings;

use std::panic;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::Duration;
use std::{fs, thread};

use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{Pid, getpid, pause};
use shared::{Builder, Handle, Memory, Pool};

use crate::children::PATIENCE;
use crate::harness::{eventually, state};

fn main() -> ExitCode {
    let tests: Vec<harness::Body> = [
        apply::TESTS,
        map::TESTS,
        life::TESTS,
        dispatch::TESTS,
        faults::TESTS,
        locks::TESTS,
        parents::TESTS,
        surroundings::TESTS,
        exits::TESTS,
        crashes::TESTS,
        overflow::TESTS,
        copies::TESTS,
        storms::TESTS,
    ]
    .concat();
    let acts: Vec<harness::Body> =
        [parents::ACTS, surroundings::ACTS, exits::ACTS, storms::ACTS].concat();
    harness::main(&tests, &acts)
}

/// What tasks and the test tell each other: the worker in which a task stays, and a count or whose turn it is.
type Notes = Memory<(AtomicI32, AtomicU32)>;

/// In a static, since a function that crosses captures nothing. Called before the workers start, so they inherit it.
fn notes() -> &'static Notes {
    static NOTES: OnceLock<Notes> = OnceLock::new();
    NOTES.get_or_init(|| Memory::new((AtomicI32::new(0), AtomicU32::new(0))).unwrap())
}

fn pool_of(workers: usize) -> Pool {
    start(Pool::builder().workers(workers))
}

fn start(builder: Builder) -> Pool {
    notes();
    builder.start().unwrap()
}

/// Runs in a worker.
fn square(n: u64) -> u64 {
    n * n
}

/// Runs in a worker, and returns its pid.
fn worker((): ()) -> i32 {
    getpid().as_raw()
}

/// Runs in a worker: takes this many milliseconds.
fn nap(milliseconds: u64) -> u64 {
    thread::sleep(Duration::from_millis(milliseconds));
    milliseconds
}

/// Runs in a worker, until its turn has come.
fn in_turn(turn: u64) -> u64 {
    while u64::from(notes().1.load(Ordering::SeqCst)) < turn {
        nap(1);
    }
    turn
}

/// Lets the tasks go on whose turn is no later than this.
fn begin_turn(turn: u32) {
    notes().1.store(turn, Ordering::SeqCst);
}

/// Runs in a worker, until it is killed.
fn stay((): ()) -> u64 {
    note_worker();
    loop {
        pause();
    }
}

/// Runs in a worker: notes which one, for the test.
fn note_worker() {
    notes().0.store(getpid().as_raw(), Ordering::SeqCst);
}

/// The worker that has noted itself, as soon as one has.
fn working() -> Pid {
    let noted = || notes().0.load(Ordering::SeqCst);
    eventually("the task begins", PATIENCE, || noted() != 0);
    Pid::from_raw(noted())
}

/// Runs in a worker: a bug in it.
fn fail(n: u64) -> u64 {
    panic!("{n} is no luck")
}

/// Submits a task that stays. Returns when it has begun, with its worker.
fn start_a_stay(pool: &Pool) -> (Handle<u64>, Pid) {
    notes().0.store(0, Ordering::SeqCst);
    (pool.apply_async(stay, ()).unwrap(), working())
}

/// Checks that the pool still works.
fn goes_on(pool: &Pool) {
    let squares: Vec<u64> = (0..40).map(square).collect();
    assert_eq!(pool.map(square, 0..40).unwrap(), squares);
    assert_eq!(pool.apply(square, 7).unwrap(), 49);
}

/// Forbids this process, and the workers that it starts later, to write to any file. So a result that finds no room in
/// the ring has to wait for room.
fn without_overflow() {
    setrlimit(Resource::RLIMIT_FSIZE, 0, 0).unwrap();
}

/// Keeps panics that are on purpose off stderr. Workers that are started later inherit this.
fn without_panic_messages() {
    panic::set_hook(Box::new(|_| ()));
}

/// The processes that have this parent, zombies included.
fn children_of(parent: Pid) -> Vec<Pid> {
    let entries = fs::read_dir("/proc").unwrap();
    let names = entries.filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let pids = names.filter_map(|name| name.parse().ok().map(Pid::from_raw));
    pids.filter(|pid| state(*pid).is_some_and(|(_, of)| of == parent.as_raw())).collect()
}
