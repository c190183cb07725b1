//! What does a crash take with it?

use std::hint::black_box;
use std::io;
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};
use shared::sync::{Barrier, Event};
use shared::{Process, Result};

/// Worker 2 overflows its stack. First the two workers are processes, then they are threads of one process.
pub(crate) fn scene() -> Result<()> {
    limit(Resource::Core, 0)?; // No core dump is left behind.
    limit(Resource::Stack, 8 << 20)?; // A stack without a limit would fill the memory.

    let team = &Team { both_at_work: Barrier::new(2)?, crash_is_over: Event::new()? };
    let start = |number| Process::new(move || team.work("process", number)).start();
    let [first, second] = [start(1)?, start(2)?];
    println!("main: process 2: {}", second.join()?);
    team.crash_is_over.set();
    println!("main: process 1: {}", first.join()?);

    let team = &Team { both_at_work: Barrier::new(2)?, crash_is_over: Event::new()? };
    let process = Process::new(|| two_threads(team)).start()?;
    println!("main: the process of the threads: {}", process.join()?);
    Ok(())
}

/// What both workers share.
struct Team {
    both_at_work: Barrier,
    crash_is_over: Event,
}

/// Runs in one child: the same workers, as threads.
fn two_threads(team: &Team) -> Result<()> {
    thread::scope(|scope| {
        let start = |number| scope.spawn(move || team.work("thread", number));
        let [first, second] = [start(1), start(2)];
        let crashed = second.join();
        println!("main of the threads: thread 2: {crashed:?}");
        team.crash_is_over.set();
        first.join().expect("only thread 2 crashes")
    })
}

impl Team {
    /// Runs in each worker.
    fn work(&self, kind: &str, number: u32) -> Result<()> {
        println!("{kind} {number}: at work");
        self.both_at_work.wait()?;
        if number == 2 {
            println!("{kind} 2: {}", calls_itself(0));
        }
        self.crash_is_over.wait();
        println!("{kind} {number}: done");
        Ok(())
    }
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

/// Fills the stack long before it could return. A Rust program cannot catch that.
fn calls_itself(times: u64) -> u64 {
    match black_box(times) {
        u64::MAX => times,
        _ => 1 + calls_itself(times + 1),
    }
}
