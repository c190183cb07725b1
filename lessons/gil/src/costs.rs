//! What do a thread and a process cost?

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Process, Result, chart};

use crate::real_time::microseconds;
use crate::{memory, switch};

/// How many threads or processes are created.
const NUMBER: u32 = 50;

/// The time to create and join a thread or process that does nothing, the memory of its own, and the time of a switch.
pub(crate) fn scene() -> Result<()> {
    // Processes first: a process with several threads must not fork.
    let process = (create_processes()?, process_memory()?, switch::between_processes()?);
    let thread = (create_threads()?, thread_memory()?, switch::between_threads()?);
    draw("create and join", [thread.0, process.0], "µs");
    draw("memory", [thread.1, process.1], "KiB");
    draw("a switch", [thread.2, process.2], "µs");
    Ok(())
}

fn draw(what: &str, [thread, process]: [f64; 2], unit: &str) {
    for (kind, value) in [("thread", thread), ("process", process)] {
        let name = format!("{what}, {kind}:");
        println!("{name:<25} {} {value:.1} {unit}", chart::bar(value, thread.max(process), 40));
    }
}

fn create_processes() -> Result<f64> {
    least_of_many(|| Process::new(|| Ok(())).start()?.join().map(drop))
}

fn create_threads() -> Result<f64> {
    least_of_many(|| {
        thread::spawn(|| ()).join().expect("it does nothing");
        Ok(())
    })
}

/// How much memory a child has for itself.
fn process_memory() -> Result<f64> {
    let own = shared::Memory::new(AtomicU32::new(0))?;
    let ask = || {
        own.store(memory::own()?, Ordering::Relaxed);
        Ok(())
    };
    Process::new(ask).start()?.join()?;
    Ok(f64::from(own.load(Ordering::Relaxed)))
}

/// How much more memory this process has while it has many threads, divided by their number.
fn thread_memory() -> Result<f64> {
    let before = memory::own()?;
    let (begun, over) = (Barrier::new(NUMBER as usize + 1), Barrier::new(NUMBER as usize + 1));
    let during = thread::scope(|scope| {
        for _ in 1..=NUMBER {
            scope.spawn(|| (begun.wait(), over.wait()));
        }
        begun.wait();
        let own = memory::own();
        over.wait();
        own
    })?;
    Ok(f64::from(during.saturating_sub(before)) / f64::from(NUMBER))
}

/// The time of the repetition that other programs disturbed least.
fn least_of_many(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    (1..=NUMBER).try_fold(f64::INFINITY, |least, _| Ok(least.min(microseconds(&mut work)?)))
}
