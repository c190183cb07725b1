//! Does one more worker help?

use std::hint::black_box;
use std::thread;

use shared::Result;
use shared::chart::{bar, sparkline};
use shared::clock::{self, Stopwatch};

use crate::by_hand::Pool;

/// The numbers of workers for which a bar is drawn.
const BARS: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// Pools of 1 to 32 workers run the same 32 tasks. A figure of 4.0 means: four times as fast as one worker.
pub(crate) fn scene() -> Result<()> {
    println!("main: 32 tasks, {} processors", thread::available_parallelism()?);
    draw("tasks that wait", || clock::sleep(0.01))?;
    draw("tasks that compute", compute)
}

/// Draws the whole curve, and a bar for some of its points.
fn draw(title: &str, task: fn()) -> Result<()> {
    let tries = |workers| if BARS.contains(&workers) { 3 } else { 1 };
    let times = (1..=32).map(|workers| best_time(workers, task, tries(workers)));
    let times = times.collect::<Result<Vec<_>>>()?;
    let speedups = Vec::from_iter(times.iter().map(|time| times[0] / time));
    let most = speedups.iter().copied().fold(0.0, f64::max);
    println!("{title}: {}", sparkline(&speedups, most));
    for workers in BARS {
        let speedup = speedups[workers - 1];
        println!("{workers:>6} {} {speedup:.1}", bar(speedup, 32.0, 64));
    }
    Ok(())
}

/// How long a pool of that many workers needs for all tasks, in the try that other programs disturb least.
fn best_time(workers: usize, task: fn(), tries: usize) -> Result<f64> {
    let pool = Pool::new(workers)?;
    let time = |_| {
        let watch = Stopwatch::start();
        let handles = [(); 32].map(|()| pool.submit(task));
        handles.into_iter().for_each(|handle| handle.get().expect("no task panics"));
        watch.seconds()
    };
    let best = (0..tries).map(time).fold(f64::INFINITY, f64::min);
    pool.join();
    Ok(best)
}

/// Keeps a processor busy for half a millisecond or so, and at high speed for a quarter of that.
fn compute() {
    let share = clock::seconds(1.0).as_secs_f64().max(0.25);
    for number in 0..(40_000.0 * share) as u32 {
        black_box(number);
    }
}
