//! One thread counts, another one looks: which number does it see?

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Result, clock, lesson};

pub(crate) static NUMBER: AtomicU32 = AtomicU32::new(100);

/// Work1 adds 1 to a global number three times. Work2 starts right after work1, and looks at the number.
pub(crate) fn scene() -> Result<()> {
    println!("main: the number is {}", NUMBER.load(Ordering::Relaxed));
    let step = lesson::option("step")?;
    let first = thread::spawn(move || work1(step));
    let second = thread::spawn(work2);
    first.join().expect("work1 does not panic");
    second.join().expect("work2 does not panic");
    Ok(())
}

/// Runs in the first thread. The sleep stands for work.
pub(crate) fn work1(step: f64) {
    for _ in 0..3 {
        clock::sleep(step);
        NUMBER.fetch_add(1, Ordering::Relaxed);
    }
    println!("work1: the number is {}", NUMBER.load(Ordering::Relaxed));
}

/// Runs in the second thread.
pub(crate) fn work2() {
    println!("work2: the number is {}", NUMBER.load(Ordering::Relaxed));
}
