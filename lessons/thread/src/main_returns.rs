//! Who waits for a thread?

use std::sync::mpsc;
use std::thread;

use shared::{Result, clock};

/// When main returns the process ends, and an hour of work is lost without a word.
pub(crate) fn scene() -> Result<()> {
    let (begun, has_begun) = mpsc::channel();
    thread::spawn(move || {
        println!("thread: begins an hour of work");
        begun.send(()).expect("main waits for this");
        clock::sleep(3600.0);
        println!("thread: done"); // Nobody will ever read this line.
    });
    has_begun.recv().expect("the thread begins");
    println!("main: returns");
    Ok(())
}

/// A thread that is joined ends before main does.
pub(crate) fn join() -> Result<()> {
    let thread = thread::spawn(|| {
        println!("thread: begins a second of work");
        clock::sleep(1.0);
        println!("thread: done");
    });
    thread.join().expect("the thread does not panic"); // New: wait for it.
    println!("main: returns");
    Ok(())
}

/// A scope joins its threads by itself, so they may borrow what main owns.
pub(crate) fn scope() -> Result<()> {
    let guest = String::from("zzb");
    thread::scope(|scope| {
        // New: no move, no copy, no join.
        scope.spawn(|| println!("thread: hello {guest}"));
        scope.spawn(|| println!("thread: goodbye {guest}"));
    });
    println!("main: still owns {guest}, returns");
    Ok(())
}
