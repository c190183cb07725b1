//! Who waits for a thread?

use std::thread;

use shared::{Result, clock};

/// Main starts an hour of work in a thread, and does not wait for it.
pub(crate) fn scene() -> Result<()> {
    thread::spawn(|| {
        println!("thread: begins an hour of work");
        clock::sleep(3600.0);
        println!("thread: done");
    });
    println!("main: my last line");
    Ok(())
}

/// Main joins its thread, and then prints its last line.
pub(crate) fn join() -> Result<()> {
    let thread = thread::spawn(sing);
    thread.join().expect("sing does not panic"); // New: wait until the thread has ended.
    println!("main: my last line");
    Ok(())
}

/// Main prints its last line, and then joins its thread. A Python program ends in this way.
pub(crate) fn last_line_first() -> Result<()> {
    let thread = thread::spawn(sing);
    println!("main: my last line");
    thread.join().expect("sing does not panic"); // New: the join comes after main's last line.
    Ok(())
}

/// Runs in the thread.
fn sing() {
    for line in 1..=3 {
        clock::sleep(1.0);
        println!("sing {line}");
    }
}

/// A scope joins its threads by itself, so they may borrow what main owns.
pub(crate) fn scope() -> Result<()> {
    let guest = String::from("zzb");
    thread::scope(|scope| {
        // New: no move, no copy, no join.
        scope.spawn(|| println!("thread: hello {guest}"));
        scope.spawn(|| println!("thread: goodbye {guest}"));
    });
    println!("main: still owns {guest}");
    Ok(())
}
