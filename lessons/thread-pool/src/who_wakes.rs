//! Many workers sleep on one queue: who is woken?

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, mpsc};
use std::thread;

use crossbeam::channel;
use shared::{Error, Result, lesson};

/// Eight workers sleep, and one task comes. Linux counts how often each thread has gone to sleep.
pub(crate) fn scene() -> Result<()> {
    if !Path::new("/proc/thread-self").exists() {
        return Err(lesson::skip("/proc/thread-self is missing; play this scene on Linux"));
    }
    let (queue, tasks) = channel::unbounded();
    let put = |task| queue.send(task).expect("there is a receiver");
    let woken = woken(|| tasks.recv() == Ok(true), put)?;
    println!("main: one task in a channel wakes {woken} of 8 workers");

    let (queue, changed) = (Mutex::new(VecDeque::new()), Condvar::new());
    let take = || {
        let queue = queue.lock().expect("no worker panics");
        let queue = changed.wait_while(queue, |queue| queue.is_empty());
        queue.expect("no worker panics").pop_front() == Some(true)
    };
    let put = |task| {
        queue.lock().expect("no worker panics").push_back(task);
        changed.notify_all(); // As many hand-written pools do.
    };
    println!("main: one task and notify_all wake {} of 8 workers", self::woken(take, put)?);
    Ok(())
}

/// How many of eight workers wake up for one task. The task `false` ends a worker.
fn woken(take: impl Fn() -> bool + Sync, put: impl Fn(bool)) -> Result<usize> {
    thread::scope(|scope| {
        let (to_main, entries) = mpsc::channel();
        let (done, ended) = mpsc::channel();
        for _ in 0..8 {
            let (to_main, done, take) = (to_main.clone(), done.clone(), &take);
            scope.spawn(move || {
                let _ = to_main.send(fs::read_link("/proc/thread-self"));
                while take() {
                    let _ = done.send(());
                }
            });
        }
        let entries = entries.iter().take(8).collect::<Result<Vec<_>, _>>()?;
        let before = sleeps_when_all_sleep(&entries)?;
        put(true);
        ended.recv().map_err(Error::other)?;
        let after = sleeps_when_all_sleep(&entries)?;
        (0..8).for_each(|_| put(false));
        Ok(before.iter().zip(after).filter(|(before, after)| **before != *after).count())
    })
}

/// How often each thread has gone to sleep. Polls until all are asleep, and no count changes.
fn sleeps_when_all_sleep(entries: &[PathBuf]) -> Result<Vec<String>> {
    let look = || entries.iter().map(|entry| sleeps(entry)).collect::<Result<Option<Vec<_>>>>();
    loop {
        match (look()?, look()?) {
            (Some(first), Some(second)) if first == second => return Ok(first),
            _ => thread::yield_now(),
        }
    }
}

/// The kernel's count, if the thread is asleep now.
fn sleeps(entry: &Path) -> Result<Option<String>> {
    let status = fs::read_to_string(Path::new("/proc").join(entry).join("status"))?;
    let value = |name| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let asleep = value("State:\t").starts_with('S');
    Ok(asleep.then(|| value("voluntary_ctxt_switches:\t").to_owned()))
}
