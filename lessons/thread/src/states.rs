//! What does Linux say that a thread is doing?

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;

use shared::{Error, Result, lesson};

/// Linux has a letter for each thread that exists: R for runnable and running, S for blocked.
pub(crate) fn scene() -> Result<()> {
    if !Path::new("/proc/thread-self").exists() {
        return Err(lesson::skip("/proc/thread-self is missing; play this scene on Linux"));
    }
    let description = thread::Builder::new().name("subject".to_owned());
    let threads = fs::read_dir("/proc/self/task")?.count();
    println!("main: new: described, not yet started; threads alive: {threads}");

    let (found, entries) = mpsc::channel();
    let (busy, enough) = mpsc::channel();
    let lock = &Mutex::new(());
    thread::scope(|scope| {
        let guard = lock.lock().expect("no thread panicked while it held the lock");
        let subject = description.spawn_scoped(scope, move || subject(&found, &enough, lock))?;
        let entry = entries.recv().map_err(Error::other)?;

        wait_for("R (running)", &entry)?;
        println!("main: runnable: R (running) as well; Linux has one letter for both");

        drop(busy); // The thread stops spinning and asks for the lock.
        wait_for("S (sleeping)", &entry)?;
        println!("main: blocked: S (sleeping); it waits for the lock that main holds");

        drop(guard);
        subject.join().expect("subject does not panic")?;
        // join may return a moment before the kernel has removed the entry.
        while entry.exists() {
            thread::yield_now();
        }
        println!("main: finished: its entry is gone");
        Ok(())
    })
}

/// Runs in the thread and brings it from state to state.
fn subject(found: &Sender<PathBuf>, enough: &Receiver<()>, lock: &Mutex<()>) -> Result<()> {
    let entry = Path::new("/proc").join(fs::read_link("/proc/thread-self")?);
    let own = state(&entry)?;
    println!("thread: running: {own}; it reads its own state");
    found.send(entry).map_err(Error::other)?;
    while enough.try_recv() == Err(TryRecvError::Empty) {} // Busy until main drops its end.
    drop(lock.lock()); // Blocked until main lets go.
    Ok(())
}

/// Polls: nothing tells us when a thread changes its state.
fn wait_for(expected: &str, entry: &Path) -> Result<()> {
    while state(entry)? != expected {
        thread::yield_now();
    }
    Ok(())
}

/// A letter and a word, `S (sleeping)`.
fn state(entry: &Path) -> Result<String> {
    let status = fs::read_to_string(entry.join("status"))?;
    let state = status.lines().find_map(|line| line.strip_prefix("State:\t"));
    state
        .map(str::to_owned)
        .ok_or_else(|| Error::other(format!("no state in {}/status", entry.display())))
}
