//! What can a program ask of the scheduler?

use std::hint::black_box;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rustix::process::{getpriority_process, nice};
use rustix::thread::sched_getaffinity;
use shared::sync::Barrier;
use shared::{Memory, Process, Result, chart, join_all, lesson};

use crate::switch::on_one_processor;

/// How many laps the two processes run together.
const LAPS: u64 = 4_000;

/// Two processes compete for one processor. The second one makes a request of the scheduler.
pub(crate) fn scene() -> Result<()> {
    if nice_value()? > 14 {
        return Err(lesson::skip("it cannot become nicer by 5: play it without nice"));
    }
    compete("no request", || Ok(()), || ())?;
    compete("nice 5", || nice(5).map(drop).map_err(io::Error::from), || ())?;
    compete("yields", || Ok(()), thread::yield_now)
}

/// Draws the second process's share of the laps. It asks once at the start, or after each lap.
fn compete(request: &str, at_start: fn() -> io::Result<()>, each_lap: fn()) -> Result<()> {
    let before = nice_value()?;
    let start = &Barrier::new(2)?;
    let laps = &Memory::new([AtomicU64::new(0), AtomicU64::new(0)])?;
    on_one_processor(|| {
        let first = Process::new(|| run(start, laps, 0, || ()));
        let second = Process::new(|| {
            at_start()?;
            let processors = sched_getaffinity(None).map_err(io::Error::from)?.count();
            println!("second: nicer by {}, processors {processors}", nice_value()? - before);
            run(start, laps, 1, each_lap)
        });
        join_all([first.start()?, second.start()?])
    })?;
    let second = laps[1].load(Ordering::Relaxed) as f64;
    let share = 100.0 * second / (laps[0].load(Ordering::Relaxed) as f64 + second);
    println!("{request:<10} {} {share:.0} %", chart::bar(share, 100.0, 50));
    Ok(())
}

fn nice_value() -> io::Result<i32> {
    Ok(getpriority_process(None)?)
}

/// Runs in both children, which start together: laps until the two have run enough.
fn run(start: &Barrier, laps: &[AtomicU64; 2], number: usize, each_lap: fn()) -> Result<()> {
    start.wait()?;
    while laps.iter().map(|laps| laps.load(Ordering::Relaxed)).sum::<u64>() < LAPS {
        (0..1000).for_each(|step| _ = black_box(step));
        laps[number].fetch_add(1, Ordering::Relaxed);
        each_lap();
    }
    Ok(())
}
