//! How do I stop a thread?

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use shared::{Result, clock};

/// Four ways to end a thread that would go on for ever. Each time the thread ends by itself.
pub(crate) fn scene() -> Result<()> {
    by_flag();
    by_closed_channel();
    by_deadline();
    by_unpark();
    Ok(())
}

/// For a thread that computes: it looks at a flag each time round.
fn by_flag() {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                clock::sleep(0.2); // A round of work.
            }
            println!("thread: sees the flag, ends");
        });
        clock::sleep(1.0);
        println!("main: sets the flag");
        stop.store(true, Ordering::Relaxed);
    });
}

/// For a thread that waits for tasks: it ends when no one can send any more.
fn by_closed_channel() {
    let (to_thread, tasks) = mpsc::channel();
    let thread = thread::spawn(move || {
        for task in tasks {
            println!("thread: does task {task}");
        }
        println!("thread: no one can send any more, ends");
    });
    to_thread.send(1).expect("the thread listens");
    clock::sleep(1.0);
    println!("main: drops the sender");
    drop(to_thread);
    thread.join().expect("the thread does not panic");
}

/// For a thread that may work until a time that is known when it starts.
fn by_deadline() {
    let watch = clock::Stopwatch::start();
    let thread = thread::spawn(move || {
        while watch.seconds() < 1.0 {
            clock::sleep(0.3); // A round of work.
        }
        println!("thread: the deadline has passed, ends after {:.1} s", watch.seconds());
    });
    thread.join().expect("the thread does not panic");
}

/// For a thread that sleeps: unpark ends its sleep, and the flag says why.
fn by_unpark() {
    let stop = AtomicBool::new(false);
    let watch = clock::Stopwatch::start();
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                thread::park_timeout(clock::seconds(3600.0));
            }
            println!("thread: woken after {:.1} s of an hour, ends", watch.seconds());
        });
        clock::sleep(1.0);
        println!("main: sets the flag and unparks");
        stop.store(true, Ordering::Relaxed);
        thread.thread().unpark();
    });
}
