//! How many threads are alive?

use std::thread;

use shared::{Result, clock};

/// Main counts every half second: three threads are alive while two perform, and at the end one.
pub(crate) fn scene() -> Result<()> {
    let sing = thread::spawn(|| perform("sing"));
    let dance = thread::spawn(|| perform("dance"));
    let threads = [sing, dance];
    loop {
        let performing = threads.iter().filter(|thread| !thread.is_finished()).count();
        println!("threads alive: {}", 1 + performing); // Main is alive too.
        if performing == 0 {
            break;
        }
        clock::sleep(0.5);
    }
    for thread in threads {
        thread.join().expect("perform does not panic");
    }
    Ok(())
}

/// Runs in both threads, for three seconds.
fn perform(act: &str) {
    for line in 1..=3 {
        println!("{act} {line}");
        clock::sleep(1.0);
    }
}
