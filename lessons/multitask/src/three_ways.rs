//! Process or thread: who is who?

use std::thread;

use nix::unistd::{getpid, gettid};
use shared::{Child, Process, Result};

/// Each process has its own pid; threads share the pid of their process, and each has its own tid.
pub(crate) fn scene() -> Result<()> {
    println!("main: pid {}, tid {}", getpid(), gettid());

    println!("four processes");
    join([1, 2, 3, 4].map(|number| Process::new(move || task(number)).start()))?;

    println!("two processes with two threads each");
    join([[1, 2], [3, 4]].map(|pair| Process::new(move || in_threads(pair)).start()))?;

    // Threads come last: a process that has some should not fork any more.
    println!("four threads");
    in_threads([1, 2, 3, 4])
}

/// Waits for all the children, which have been started before.
fn join<const N: usize>(children: [Result<Child>; N]) -> Result<()> {
    for child in children {
        child?.join()?;
    }
    Ok(())
}

/// Runs in two children, then in main.
fn in_threads<const N: usize>(numbers: [u32; N]) -> Result<()> {
    let threads = numbers.map(|number| thread::spawn(move || task(number)));
    for thread in threads {
        thread.join().expect("task does not panic")?;
    }
    Ok(())
}

/// Runs everywhere: it does not know whether it has a process or a thread of its own.
fn task(number: u32) -> Result<()> {
    println!("task {number}: pid {}, tid {}", getpid(), gettid());
    Ok(())
}
