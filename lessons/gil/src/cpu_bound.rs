//! Is a computation faster in two threads, or in two processes?

use std::thread;

use shared::{Process, Result, join_all};

use crate::bars::Bars;
use crate::primes::Count;
use crate::python;

/// One worker, two threads and two processes count the primes of the same range.
pub(crate) fn scene() -> Result<()> {
    let processors = thread::available_parallelism()?.get().min(2);
    println!("main: two workers; processors for them: {processors}");
    let mut bars = Bars::default();
    let one = bars.measure("one worker", one_worker)?;
    let threads = bars.measure("two threads", two_threads)?;
    let processes = bars.measure("two processes", two_processes)?;
    println!("main: {one}, {threads} and {processes} primes");
    python::compare()
}

fn one_worker() -> Result<u32> {
    let count = Count::new()?;
    count.work();
    Ok(count.found())
}

fn two_threads() -> Result<u32> {
    let count = Count::new()?;
    thread::scope(|scope| {
        let threads = [scope.spawn(|| count.work()), scope.spawn(|| count.work())];
        // A scope alone can return before its threads are quite gone, and beside other threads a fork is refused.
        for thread in threads {
            thread.join().expect("work does not panic");
        }
    });
    Ok(count.found())
}

fn two_processes() -> Result<u32> {
    let count = Count::new()?;
    let mut children = Vec::new();
    for _ in 1..=2 {
        let work = || {
            count.work();
            Ok(())
        };
        children.push(Process::new(work).start()?);
    }
    join_all(children)?;
    Ok(count.found())
}
