//! Which thread holds what, and wants what?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Barrier};
use std::thread::{self, Builder, JoinHandle, Thread};

use parking_lot::{Mutex, deadlock};
use shared::{Result, clock};

/// The detector of parking_lot finds the threads. Their own notes say which locks they hold and want.
pub(crate) fn scene() -> Result<()> {
    let both_are_up = Arc::new(Barrier::new(2));
    let mut threads = Vec::new();
    for (name, first, second) in [("left", &A, &B), ("right", &B, &A)] {
        let both_are_up = both_are_up.clone();
        let work = move || up_and_down(name, first, second, &both_are_up);
        threads.push(Builder::new().name(name.to_owned()).spawn(work)?); // No scope: main must not wait.
    }
    let mut circles = Vec::new();
    while circles.is_empty() && !threads.iter().all(JoinHandle::is_finished) {
        clock::sleep(0.1); // A server checks less often, say every ten seconds.
        circles = deadlock::check_deadlock();
    }
    for circle in circles {
        println!("main: a deadlock of {} threads", circle.len());
        for thread in threads.iter().map(JoinHandle::thread) {
            if circle.iter().any(|found| found.thread_id() == thread.id()) {
                println!("main: {}", noted(thread));
            }
        }
    }
    Ok(())
}

/// Runs in each thread.
fn up_and_down(name: &str, first: &Lock, second: &Lock, both_are_up: &Barrier) {
    first.hold(|| {
        println!("{name}: up");
        both_are_up.wait();
        second.hold(|| println!("{name}: down"));
    });
}

/// For each thread by its name, what it holds and wants: `holds a`, `wants b`.
static NOTES: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());
static A: Lock = Lock { name: "a", mutex: Mutex::new(()) };
static B: Lock = Lock { name: "b", mutex: Mutex::new(()) };

/// A lock with a name.
struct Lock {
    name: &'static str,
    mutex: Mutex<()>,
}

impl Lock {
    /// Runs `work` while the calling thread holds the lock.
    fn hold(&self, work: impl FnOnce()) {
        let (wants, holds) = (format!("wants {}", self.name), format!("holds {}", self.name));
        note(|notes| notes.insert(wants.clone()));
        let _guard = self.mutex.lock();
        note(|notes| notes.remove(&wants) && notes.insert(holds.clone()));
        work();
        note(|notes| notes.remove(&holds));
    }
}

/// Changes the notes of the calling thread.
fn note(change: impl FnOnce(&mut BTreeSet<String>) -> bool) {
    change(NOTES.lock().entry(name(&thread::current())).or_default());
}

/// A thread's name and notes.
fn noted(thread: &Thread) -> String {
    let notes = NOTES.lock()[&name(thread)].clone();
    format!("{} {}", name(thread), Vec::from_iter(notes).join(", "))
}

fn name(thread: &Thread) -> String {
    thread.name().expect("both threads are named").to_owned()
}
