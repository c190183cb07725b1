//! Which worker gets the next task?

use shared::clock::{self, Stopwatch};
use shared::{Dispatch, Pool, Result};

/// Every third task is long.
const TASKS: [f64; 9] = [2.0, 0.5, 0.5, 2.0, 0.5, 0.5, 2.0, 0.5, 0.5];

/// Tasks that are dealt out in advance leave workers idle while tasks wait. One queue for all workers does not.
pub(crate) fn scene() -> Result<()> {
    play("in turn", Dispatch::RoundRobin)?;
    play("random", Dispatch::Random)?;
    play("one queue", Dispatch::Shared)
}

fn play(name: &str, dispatch: Dispatch) -> Result<()> {
    let pool = Pool::builder().workers(3).dispatch(dispatch).start()?;
    let watch = Stopwatch::start();
    let mut handles = Vec::new();
    for seconds in TASKS {
        handles.push(pool.apply_async(work, seconds)?);
    }
    let mut busy = [0.0; 3];
    for handle in handles {
        let (worker, seconds) = handle.get()?;
        busy[worker - 1] += seconds;
    }
    let total = watch.seconds();
    println!("{name}: {total:.1} s");
    for (worker, busy) in (1..).zip(busy) {
        let idle = (total - busy).max(0.0);
        println!("  worker {worker}: works {busy:.1} s, idles {idle:.1} s {}", bar(busy, idle));
    }
    pool.close().join()
}

/// Runs in a worker. The sleep stands for work. Returns the worker's number, and how long it has worked.
fn work(seconds: f64) -> (usize, f64) {
    let watch = Stopwatch::start();
    clock::sleep(seconds);
    (Pool::worker_number().expect("a task runs in a worker"), watch.seconds())
}

/// A block for each half second.
fn bar(busy: f64, idle: f64) -> String {
    let blocks = |seconds: f64| (2.0 * seconds).round() as usize;
    "█".repeat(blocks(busy)) + &"░".repeat(blocks(idle))
}
