//! The caller of a pool is killed or interrupted: no process stays behind.

use std::hint::spin_loop;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, process, thread};

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Gid, Pid, Uid, geteuid, pause, setgid, setuid};
use shared::sync::{Event, Lock};
use shared::{Dispatch, Error, Pool, Queue};
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::children::{SECOND, TENTH, actor, all_end_within, start_and_stay};
use crate::harness::{Body, descriptors, nothing_left};
use crate::{
    children_of, goes_on, nap, note_worker, pool_of, start, start_a_stay, stay, without_overflow,
    working,
};

pub(crate) const TESTS: &[Body] = &[
    ("parent_sigkilled_while_idle", || parent_dies("an idle pool", Signal::SIGKILL)),
    ("parent_sigkilled_while_busy", || parent_dies("a busy pool", Signal::SIGKILL)),
    ("parent_sigkilled_with_a_pool_in_a_worker", || {
        parent_dies("a pool in a worker", Signal::SIGKILL);
    }),
    ("parent_sigtermed_while_idle", || parent_dies("an idle pool", Signal::SIGTERM)),
    ("parent_sigtermed_while_busy", || parent_dies("a busy pool", Signal::SIGTERM)),
    ("parent_sigkilled_beside_stopped_workers", || parent_dies("stopped workers", Signal::SIGKILL)),
    ("parent_sigkilled_while_all_wait_for_room", || parent_dies("no room", Signal::SIGKILL)),
    ("parent_sigkilled_whose_worker_is_another_user", || {
        parent_dies("a worker of another user", Signal::SIGKILL);
    }),
    ("master_sigkilled_whose_worker_is_another_user", master_dies),
    ("sigint_to_the_group_while_idle", || group_dies("an idle pool", Signal::SIGINT)),
    ("sigint_to_the_group_while_busy", || group_dies("a busy pool", Signal::SIGINT)),
    ("sigint_to_the_group_handled", || interrupted("a handler inherited")),
    ("sigint_to_the_group_handled_by_the_parent_alone", || interrupted("a handler not inherited")),
    ("group_sigkilled_with_all_there_is", || group_dies("all there is", Signal::SIGKILL)),
];

pub(crate) const ACTS: &[Body] = &[
    ("an idle pool", act_an_idle_pool),
    ("a busy pool", act_a_busy_pool),
    ("a pool in a worker", act_a_pool_in_a_worker),
    ("stopped workers", act_stopped_workers),
    ("no room", act_no_room),
    ("a worker of another user", act_a_worker_of_another_user),
    ("a handler inherited", act_a_handler_inherited),
    ("a handler not inherited", act_a_handler_not_inherited),
    ("all there is", act_all_there_is),
];

/// Lets the test go on, which waits for this line.
pub(crate) fn ready() {
    println!("ready");
    io::stdout().flush().unwrap();
}

pub(crate) fn wait_for_the_end() -> ! {
    loop {
        pause();
    }
}

/// Waits for the act's end: all its processes must have ended a second later. Returns what was written to stderr.
pub(crate) fn end(mut actor: process::Child) -> (ExitStatus, String) {
    let status = actor.wait().unwrap();
    all_end_within(SECOND);
    let mut text = String::new();
    actor.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    (status, text)
}

fn parent_dies(act: &str, signal: Signal) {
    let before = descriptors();
    let actor = actor(act);
    kill(Pid::from_raw(actor.id().cast_signed()), signal).unwrap();
    let (status, text) = end(actor);
    assert_eq!(status.signal(), Some(signal as i32));
    assert_eq!(text, "");
    nothing_left(&before);
}

/// As Ctrl-C does, or a shell that kills a job. A shell reports a death by SIGINT as status 130.
fn group_dies(act: &str, signal: Signal) {
    let before = descriptors();
    let actor = actor(act);
    killpg(Pid::from_raw(actor.id().cast_signed()), signal).unwrap();
    let (status, text) = end(actor);
    assert_eq!(status.signal(), Some(signal as i32));
    assert_eq!(text, "", "no traceback");
    nothing_left(&before);
}

fn interrupted(act: &str) {
    let before = descriptors();
    let actor = actor(act);
    killpg(Pid::from_raw(actor.id().cast_signed()), Signal::SIGINT).unwrap();
    let (status, text) = end(actor);
    assert_eq!((status.code(), text.as_str()), (Some(130), "interrupted\n"));
    nothing_left(&before);
}

fn act_an_idle_pool() {
    let pool = pool_of(4);
    goes_on(&pool);
    ready();
    wait_for_the_end();
}

fn act_a_busy_pool() {
    let pool = pool_of(4);
    let _handles: Vec<_> = (0..20).map(|_| pool.apply_async(stay, ()).unwrap()).collect();
    let handle = pool.apply_async(stay, ()).unwrap();
    ready();
    let _ = handle.get();
}

fn act_a_pool_in_a_worker() {
    let is_ready = Box::leak(Box::new(Event::new().unwrap()));
    let pool = start(Pool::builder().workers(1).initializer(|| {
        let inner = pool_of(2);
        goes_on(&inner);
        is_ready.set();
        std::mem::forget(inner);
        Ok(())
    }));
    is_ready.wait();
    ready();
    let _ = pool.apply(stay, ());
}

fn act_stopped_workers() {
    let pool = pool_of(2);
    for _ in 0..2 {
        let (handle, busy) = start_a_stay(&pool);
        kill(busy, Signal::SIGSTOP).unwrap();
        std::mem::forget(handle);
    }
    ready();
    wait_for_the_end();
}

fn act_no_room() {
    without_overflow();
    let pool = start(Pool::builder().workers(2).room(1 << 12));
    let long = |length: usize| "x".repeat(length);
    let _handles: Vec<_> = (0..20).map(|_| pool.apply_async(long, 1 << 10).unwrap()).collect();
    thread::sleep(Duration::from_millis(20));
    ready();
    wait_for_the_end();
}

/// Runs in a worker: computes for ever, without the signal of its parent's death, and as another user if it may.
fn compute_as_another_user((): ()) -> u64 {
    prctl::set_pdeathsig(None).unwrap(); // What the kernel does when a process changes its user.
    if geteuid().is_root() {
        setgid(Gid::from_raw(65_534)).unwrap();
        setuid(Uid::from_raw(65_534)).unwrap();
    }
    note_worker();
    loop {
        spin_loop();
    }
}

fn act_a_worker_of_another_user() {
    let pool = pool_of(2);
    let _handle = pool.apply_async(compute_as_another_user, ()).unwrap();
    working();
    ready();
    wait_for_the_end();
}

fn master_dies() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = pool_of(2);
    let handle = pool.apply_async(compute_as_another_user, ()).unwrap();
    working();
    let [master] = children_of(Pid::this())[..] else { panic!("no master") };
    kill(master, Signal::SIGKILL).unwrap();
    assert!(matches!(handle.get(), Err(Error::PoolFailed { .. })));
    drop((handle, pool));
    all_end_within(SECOND);
    nothing_left(&before);
}

/// Works until it is interrupted, and ends as a program should.
fn work_until(interrupted: &AtomicBool, pool: Pool) {
    let handle = pool.apply_async(stay, ()).unwrap();
    let others: Vec<_> = (0..20).map(|_| pool.apply_async(nap, 10_000).unwrap()).collect();
    ready();
    while !interrupted.load(Ordering::SeqCst) {
        // The workers may be interrupted a moment before this process.
        match handle.get_timeout(TENTH / 10) {
            Err(Error::TimedOut | Error::WorkerDied { .. } | Error::PoolFailed { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    pool.terminate().unwrap();
    assert!(others.iter().all(|handle| handle.get().is_err()));
    eprintln!("interrupted");
    shared::exit(130);
}

fn act_a_handler_inherited() {
    let interrupted = Arc::new(AtomicBool::new(false));
    flag::register(SIGINT, Arc::clone(&interrupted)).unwrap();
    let pool = pool_of(3);
    work_until(&interrupted, pool);
}

fn act_a_handler_not_inherited() {
    let interrupted = Arc::new(AtomicBool::new(false));
    let pool = pool_of(3);
    goes_on(&pool);
    flag::register(SIGINT, Arc::clone(&interrupted)).unwrap();
    work_until(&interrupted, pool);
}

fn act_all_there_is() {
    let (queue, lock) = (Queue::<u64>::new().unwrap(), Lock::new(0_u64).unwrap());
    let _child = start_and_stay(|| {
        std::mem::forget(lock.acquire()?);
        queue.put(&1)
    });
    let pools = [Dispatch::Shared, Dispatch::RoundRobin]
        .map(|dispatch| start(Pool::builder().workers(2).dispatch(dispatch)));
    let _handles = pools.each_ref().map(|pool| start_a_stay(pool).0);
    ready();
    wait_for_the_end();
}
