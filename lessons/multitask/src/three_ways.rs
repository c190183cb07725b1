//! Process or thread: how do you tell them apart?

use std::thread;

use nix::unistd::{getpid, gettid};
use shared::{Process, Result};

/// Each process has a pid of its own. Its threads share the pid, and each has a tid of its own.
pub(crate) fn scene() -> Result<()> {
    println!("main: pid {}, tid {}", getpid(), gettid());

    println!("four processes");
    let mut children = Vec::new();
    for number in 1..=4 {
        children.push(Process::new(move || task(number)).start()?);
    }
    for child in children {
        child.join()?;
    }

    println!("two processes with two threads each");
    let first = Process::new(|| in_threads(&[1, 2])).start()?;
    let second = Process::new(|| in_threads(&[3, 4])).start()?;
    first.join()?;
    second.join()?;

    // Threads come last, to be on the safe side: a process must not fork while it has several.
    println!("four threads");
    in_threads(&[1, 2, 3, 4])
}

/// Runs in two children, then in main.
fn in_threads(numbers: &[u32]) -> Result<()> {
    let mut threads = Vec::new();
    for &number in numbers {
        threads.push(thread::spawn(move || task(number)));
    }
    for thread in threads {
        thread.join().expect("task does not panic")?; // The ? passes on the error that task returned.
    }
    Ok(())
}

/// Runs in a process or a thread of its own.
fn task(number: u32) -> Result<()> {
    println!("task {number}: pid {}, tid {}", getpid(), gettid());
    Ok(())
}
