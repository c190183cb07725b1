//! Kills at random moments, many of them: no process hangs, nothing is lost, nothing is done twice, nothing is left.
//!
//! A plain run kills a tenth of what `STORM=full` does, which is 1,000 workers under each policy, and 1,000 callers.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{hint, thread};

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, getpid};
use shared::sync::{AcquireError, Lock};
use shared::{Dispatch, Error, Handle, Memory, Pool, Queue, Result};

use crate::children::{PATIENCE, all_end_within, kills, start as start_child};
use crate::harness::{Body, descriptors, nothing_left, play};
use crate::{children_of, goes_on, pool_of, square, start};

pub(crate) const TESTS: &[Body] = &[
    ("storm_over_workers_that_share_a_queue", || storm_over_workers(Dispatch::Shared)),
    ("storm_over_workers_with_a_queue_each", || storm_over_workers(Dispatch::RoundRobin)),
    ("storm_over_callers", storm_over_callers),
];

pub(crate) const ACTS: &[Body] = &[("everything at once", act_everything_at_once)];

/// How many tasks are on their way at a time.
const ON_THEIR_WAY: usize = 40;
/// More than there are on their way, so that a task's note has been read before its place is used again.
const PLACES: usize = 256;

/// For each task, how often it was begun, and which worker began it last.
type Begun = Memory<[(AtomicU32, AtomicI32); PLACES]>;

fn begun(task: u64) -> &'static (AtomicU32, AtomicI32) {
    static BEGUN: OnceLock<Begun> = OnceLock::new();
    let begun = || Memory::new([const { (AtomicU32::new(0), AtomicI32::new(0)) }; PLACES]).unwrap();
    &BEGUN.get_or_init(begun)[task as usize % PLACES]
}

/// Runs in a worker: some work, or hardly any.
fn work(task: u64) -> (u64, Vec<u64>) {
    let (times, by) = begun(task);
    by.store(getpid().as_raw(), Ordering::SeqCst);
    times.fetch_add(1, Ordering::SeqCst);
    for _ in 0..fastrand::u32(0..20_000) {
        hint::spin_loop();
    }
    (square(task), vec![task; fastrand::usize(0..200)])
}

/// A task on its way, and how often its callback was called.
struct Open {
    task: u64,
    handle: Handle<(u64, Vec<u64>)>,
    called: Rc<Cell<u32>>,
}

fn give_out(pool: &Pool, task: u64) -> Open {
    begun(task).0.store(0, Ordering::SeqCst);
    begun(task).1.store(0, Ordering::SeqCst);
    let called = Rc::new(Cell::new(0));
    let count = Rc::clone(&called);
    let callback = move |_: Result<_>| count.set(count.get() + 1);
    let handle = pool.apply_async(work, task).unwrap();
    handle.on_done(callback);
    Open { task, handle, called }
}

/// Which worker has died of it, if one has. Otherwise its result is right. Either way it was done once at most.
fn resolve(open: &Open) -> Option<i32> {
    let Open { task, handle, called } = open;
    let result = handle.get_timeout(PATIENCE);
    let times = begun(*task).0.load(Ordering::SeqCst);
    assert_eq!(called.get(), 1, "callbacks of {task}");
    match result {
        Ok((result, list)) => {
            assert_eq!((result, times), (square(*task), 1), "{task}");
            assert!(list.iter().all(|item| item == task), "{task}: half a result");
            None
        }
        Err(Error::WorkerDied { worker, .. }) => {
            let by = begun(*task).1.load(Ordering::SeqCst);
            assert!(times == 0 || (times, by) == (1, worker.as_raw()), "{task} was done by {by}");
            Some(worker.as_raw())
        }
        Err(error) => panic!("{task}: {error:?}"),
    }
}

fn storm_over_workers(dispatch: Dispatch) {
    let before = descriptors();
    begun(0);
    let pool = start(Pool::builder().workers(4).dispatch(dispatch));
    let [master] = children_of(getpid())[..] else { panic!("no master") };
    // For each process, how often it was killed without a task reporting it.
    let mut killed = BTreeMap::<i32, u32>::new();
    let mut lost = 0;
    let mut open = VecDeque::new();
    let mut task = 0;
    let mut kills_left = kills(1_000);
    let mut next_kill = Instant::now();
    while kills_left > 0 || !open.is_empty() {
        while open.len() < ON_THEIR_WAY && kills_left > 0 {
            open.push_back(give_out(&pool, task));
            task += 1;
        }
        if kills_left > 0 && Instant::now() > next_kill {
            let workers = children_of(master);
            if let Some(victim) = fastrand::choice(workers) {
                // A pid may belong to the next worker by now: then that one is killed.
                let _ = kill(victim, Signal::SIGKILL);
                *killed.entry(victim.as_raw()).or_default() += 1;
                kills_left -= 1;
            }
            next_kill = Instant::now() + Duration::from_micros(fastrand::u64(0..4_000));
        }
        if let Some(first) = open.pop_front()
            && let Some(worker) = resolve(&first)
        {
            let kills = killed.get_mut(&worker).expect("a worker that died was killed");
            *kills = kills.checked_sub(1).expect("a death costs one task at most");
            lost += 1;
        }
    }
    assert!(lost > 1, "no worker was killed in mid-task");
    goes_on(&pool);
    drop(open);
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// A pool, a queue and locks, all in use, until it is killed.
fn act_everything_at_once() {
    let (queue, lock) = (Queue::<u64>::bounded(8).unwrap(), Lock::new(0_u64).unwrap());
    let count = |guard: &mut u64| *guard += 1;
    let _writer = start_child(|| {
        loop {
            count(&mut *lock.acquire().or_else(AcquireError::into_guard)?);
            queue.put(&7)?;
        }
    });
    let _reader = start_child(|| {
        loop {
            queue.get()?;
            count(&mut *lock.acquire().or_else(AcquireError::into_guard)?);
        }
    });
    let pool = pool_of(2);
    loop {
        goes_on(&pool);
        drop(pool.apply_async(square, 3).unwrap());
    }
}

fn storm_over_callers() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let signals = [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGINT];
    for (_, signal) in (0..kills(1_000)).zip(signals.into_iter().cycle()) {
        let mut actor = {
            use std::os::unix::process::CommandExt;
            play("everything at once").process_group(0).spawn().unwrap()
        };
        // From before it has begun until it has long been at work.
        thread::sleep(Duration::from_micros(fastrand::u64(0..30_000)));
        let pid = Pid::from_raw(actor.id().cast_signed());
        // SIGINT comes from a terminal, to all of the group.
        if signal == Signal::SIGINT { killpg(pid, signal) } else { kill(pid, signal) }.unwrap();
        actor.wait().unwrap();
        all_end_within(PATIENCE);
    }
    nothing_left(&before);
}
