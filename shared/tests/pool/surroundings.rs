//! Surroundings that are not as usual: children that are reaped elsewhere, a system call that is forbidden.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Instant;

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid};
use shared::{Error, Exit, Memory, Pool};
use signal_hook::consts::SIGCHLD;
use signal_hook::low_level;

use crate::children::{SECOND, join_all, start, start_actor};
use crate::harness::{Body, descriptors, nothing_left};
use crate::parents::{end, ready, wait_for_the_end};
use crate::seccomp::forbidding_pdeathsig;
use crate::sigchld::ignoring_sigchld;
use crate::{children_of, goes_on, nap, pool_of, square, start_a_stay};

pub(crate) const TESTS: &[Body] = &[
    ("a_pool_goes_on_where_sigchld_is_ignored", where_sigchld_is_ignored),
    ("a_pool_can_be_joined_whose_master_was_reaped_elsewhere", the_master_is_reaped),
    ("a_pool_delivers_all_though_a_handler_reaps_the_callers_children", the_caller_reaps),
    ("a_pool_delivers_all_though_a_handler_reaps_the_workers", the_master_reaps),
    ("a_pool_works_and_ends_where_pdeathsig_is_forbidden", where_pdeathsig_is_forbidden),
];

pub(crate) const ACTS: &[Body] =
    &[("SIGCHLD ignored", act_sigchld_ignored), ("PDEATHSIG forbidden", act_pdeathsig_forbidden)];

/// A worker is killed in its task. The task reports it, and the pool goes on.
fn survives_a_kill(pool: &Pool, is_expected: fn(&Exit) -> bool) {
    let (handle, busy) = start_a_stay(pool);
    kill(busy, Signal::SIGKILL).unwrap();
    let error = handle.get().unwrap_err();
    assert!(
        matches!(&error, Error::WorkerDied { worker, exit } if *worker == busy && is_expected(exit)),
        "{error:?}"
    );
    goes_on(pool);
}

/// The system reaps each worker at once. Its status is lost, and nothing else.
fn act_sigchld_ignored() {
    let pool = pool_of(2);
    goes_on(&pool);
    survives_a_kill(&pool, |exit| *exit == Exit::Unknown);
    nap(300); // The caller looks after its master every tenth of a second.
    goes_on(&pool);
    pool.close().join().unwrap();
}

fn where_sigchld_is_ignored() {
    let before = descriptors();
    assert!(ignoring_sigchld("SIGCHLD ignored").status().unwrap().success());
    nothing_left(&before);
}

fn the_master_is_reaped() {
    let before = descriptors();
    let pool = pool_of(2);
    let handle = pool.apply_async(square, 3).unwrap();
    let mut closed = pool.close();
    let master = children_of(getpid());
    assert_eq!(waitpid(None::<Pid>, None), Ok(WaitStatus::Exited(master[0], 0)));
    assert!(closed.join_timeout(SECOND).unwrap());
    closed.join().unwrap();
    assert_eq!(handle.get().unwrap(), 9);
    drop(handle);
    nothing_left(&before);
}

/// From now on this process, and each that it forks, reaps every child that ends, as many programs do. Returns how many
/// children all of them have reaped.
#[expect(unsafe_code, reason = "no safe call installs a handler that does more than set a flag")]
fn reap_in_a_handler() -> &'static AtomicU32 {
    let reaped: &Memory<AtomicU32> = Box::leak(Box::new(Memory::new(AtomicU32::new(0)).unwrap()));
    let reap = || {
        let errno = Errno::last_raw();
        while let Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) =
            waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG))
        {
            reaped.fetch_add(1, Ordering::SeqCst);
        }
        Errno::set_raw(errno); // The code that was interrupted may not have read its own yet.
    };
    // SAFETY: the handler makes system calls and changes an atomic; it takes no lock and no memory, and cannot panic.
    unsafe { low_level::register(SIGCHLD, reap) }.unwrap();
    reaped
}

/// Only the caller has the handler: its master and its workers were forked before.
fn the_caller_reaps() {
    let before = descriptors();
    let pool = pool_of(2);
    let reaped = reap_in_a_handler();
    let handles: Vec<_> = (0..40).map(|_| pool.apply_async(nap, 10).unwrap()).collect();
    for number in 1..=100 {
        let child = start(|| Ok(())); // While results come.
        // Here only the handler reaps. In a join it would be a matter of luck who comes first.
        let since = Instant::now();
        while reaped.load(Ordering::SeqCst) < number {
            assert!(since.elapsed() < SECOND * 10, "the handler has not reaped child {number}");
            thread::yield_now();
        }
        join_all([child]);
    }
    assert!(handles.iter().all(|handle| handle.get().unwrap() == 10));
    survives_a_kill(&pool, |exit| *exit == Exit::Signal(Signal::SIGKILL.into()));
    let last: Vec<_> = (0..40).map(|n| pool.apply_async(square, n).unwrap()).collect();
    pool.close().join().unwrap();
    assert!((0..).zip(&last).all(|(n, handle)| handle.get().unwrap() == n * n));
    drop((handles, last));
    nothing_left(&before);
}

/// The master and the workers inherit the handler.
fn the_master_reaps() {
    let before = descriptors();
    let reaped = reap_in_a_handler();
    let pool = pool_of(2);
    let handles: Vec<_> = (0..40).map(|n| pool.apply_async(square, n).unwrap()).collect();
    for _ in 0..10 {
        survives_a_kill(&pool, |_| true); // Sometimes the master's own call is faster than its handler.
    }
    nap(300); // The caller looks after its master every tenth of a second.
    goes_on(&pool);
    assert!(reaped.load(Ordering::SeqCst) > 0, "the master's handler has reaped nothing");
    assert!((0..).zip(&handles).all(|(n, handle)| handle.get().unwrap() == n * n));
    pool.close().join().unwrap();
    drop(handles);
    nothing_left(&before);
}

fn act_pdeathsig_forbidden() {
    assert_eq!(prctl::set_pdeathsig(Signal::SIGKILL), Err(Errno::EPERM));
    let pool = pool_of(2);
    goes_on(&pool);
    ready();
    wait_for_the_end();
}

fn where_pdeathsig_is_forbidden() {
    let before = descriptors();
    let Some(act) = forbidding_pdeathsig("PDEATHSIG forbidden") else { return };
    let mut actor = start_actor(act);
    actor.kill().unwrap();
    let (_, text) = end(actor);
    assert_eq!(text, "");
    nothing_left(&before);
}
