//! What can a program ask of the scheduler?

use std::hint::black_box;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use rustix::process::{getpriority_process, nice};
use rustix::thread::sched_getaffinity;
use shared::{Memory, Process, Result, chart, clock, join_all, lesson};

use crate::switch::on_one_processor;

/// Two processes compete for one processor, for a second. The second one makes a request of the scheduler.
pub(crate) fn scene() -> Result<()> {
    if nice_value()? > 14 {
        return Err(lesson::skip("it cannot become nicer by 5: play it without nice"));
    }
    compete("no request", || Ok(()), || ())?;
    compete("nice 5", || nice(5).map(drop).map_err(io::Error::from), || ())?;
    compete("yields", || Ok(()), thread::yield_now)
}

/// Draws the second process's share of the laps that both have run. It asks once at the start, or after each lap.
fn compete(request: &str, at_start: fn() -> io::Result<()>, each_lap: fn()) -> Result<()> {
    let before = nice_value()?;
    let laps = Memory::new([AtomicU64::new(0), AtomicU64::new(0)])?;
    let is_over = Memory::new(AtomicBool::new(false))?;
    on_one_processor(|| {
        let first = Process::new(|| {
            run(&laps[0], &is_over, || ());
            Ok(())
        });
        let second = Process::new(|| {
            at_start()?;
            let processors = sched_getaffinity(None).map_err(io::Error::from)?.count();
            println!("second: nicer by {}, processors {processors}", nice_value()? - before);
            run(&laps[1], &is_over, each_lap);
            Ok(())
        });
        let children = [first.start()?, second.start()?];
        clock::sleep(1.0);
        is_over.store(true, Ordering::Relaxed);
        join_all(children)
    })?;
    let [first, second] = [0, 1].map(|number| laps[number].load(Ordering::Relaxed) as f64);
    let share = 100.0 * second / (first + second);
    println!("{request:<10} {} {share:.0} %", chart::bar(share, 100.0, 50));
    Ok(())
}

fn nice_value() -> io::Result<i32> {
    Ok(getpriority_process(None)?)
}

/// Runs in both children: laps until it is over, and at least one.
fn run(laps: &AtomicU64, is_over: &AtomicBool, each_lap: fn()) {
    loop {
        (0..1000).for_each(|step| _ = black_box(step));
        laps.fetch_add(1, Ordering::Relaxed);
        each_lap();
        if is_over.load(Ordering::Relaxed) {
            break;
        }
    }
}
