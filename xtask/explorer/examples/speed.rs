//! How many schedules are played in a second of processor time: `cargo run --release -p explorer --example speed`.

use std::io::Write;
use std::time::Duration;

use explorer::swapped::sync::Mutex;
use explorer::swapped::sync::atomic::{AtomicU32, Ordering::Relaxed};
use explorer::swapped::thread;
use explorer::{Limits, Memory, explore};

fn main() -> std::io::Result<()> {
    lost_update(2, 1)?;
    lost_update(2, 4)?;
    lost_update(2, 6)?;
    lost_update(3, 2)?;
    measure("mutex 2 x 2", || {
        let counter = Mutex::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..2).for_each(|_| *counter.lock().unwrap() += 1));
            }
        });
    })?;
    philosophers(3)?;
    philosophers(4)?;
    philosophers(5)
}

fn lost_update(threads: u32, rounds: u32) -> std::io::Result<()> {
    measure(&format!("lost update {threads} x {rounds}"), move || {
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..rounds {
                        let read = counter.load(Relaxed);
                        counter.store(read + 1, Relaxed);
                    }
                });
            }
        });
        explorer::println!("{}", counter.load(Relaxed));
    })
}

fn philosophers(count: usize) -> std::io::Result<()> {
    measure(&format!("philosophers {count}"), move || {
        let forks: Vec<Mutex<()>> = (0..count).map(|_| Mutex::new(())).collect();
        thread::scope(|scope| {
            for seat in 0..count {
                let (first, second) = (&forks[seat], &forks[(seat + 1) % count]);
                scope.spawn(move || {
                    let _first = first.lock().unwrap();
                    let _second = second.lock().unwrap();
                });
            }
        });
    })
}

/// The processor time that this thread has used, as Linux counts it.
fn used() -> std::io::Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().and_then(|number| number.parse().ok());
    Ok(Duration::from_nanos(nanoseconds.unwrap_or(0)))
}

/// Explores the program twice, and prints what that took.
fn measure(name: &str, program: impl Fn() + Clone + 'static) -> std::io::Result<()> {
    for merged in [false, true] {
        let limits = Limits { merged, milliseconds: 3_000, ..Limits::default() };
        let start = used()?;
        let report = explore(program.clone(), Memory::Sequential, limits)?;
        let took = used()? - start;
        let how = match report.states {
            Some(states) => format!("{states} states, {} runs", report.played),
            None if took.as_millis() == 0 => "too short to measure".to_owned(),
            None => format!("{:.0}/s", report.played as f64 / took.as_secs_f64()),
        };
        let stopped = if report.incomplete.is_some() { ", stopped" } else { "" };
        writeln!(
            std::io::stdout(),
            "{name:<18} {:>10} schedules{stopped} in {:>8.1} ms: {how}",
            report.schedules,
            took.as_secs_f64() * 1e3
        )?;
    }
    Ok(())
}
