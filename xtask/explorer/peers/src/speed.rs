//! Two threads that read, add 1 and write, often: how many schedules in a second of processor time?

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use explorer::{Limits, Memory, explore};

/// One program for each of the three.
macro_rules! lost_update {
    ($name:ident, $library:path) => {
        fn $name(rounds: u32) {
            use std::sync::atomic::{AtomicU32, Ordering};
            use std::thread;
            use $library as std;

            let counter = Arc::new(AtomicU32::new(0));
            let add = |counter: Arc<AtomicU32>| {
                move || {
                    for _ in 0..rounds {
                        let read = counter.load(Ordering::SeqCst);
                        counter.store(read + 1, Ordering::SeqCst);
                    }
                }
            };
            let threads = [1, 2].map(|_| thread::spawn(add(Arc::clone(&counter))));
            for thread in threads {
                thread.join().expect("no thread panics");
            }
        }
    };
}

lost_update!(ours, explorer::swapped);
lost_update!(shuttled, shuttle);
lost_update!(loomed, loom);

pub(crate) fn compare() {
    for rounds in [1, 4] {
        println!("\nlost update, 2 x {rounds}:");
        measure("explorer", move || {
            let limits = Limits { merged: false, milliseconds: 600_000, ..Limits::default() };
            explore(move || ours(rounds), Memory::Sequential, limits).expect("stacks").played
        });
        measure("shuttle", move || {
            counted(|played| {
                let program = move || {
                    shuttled(rounds);
                    played.fetch_add(1, Relaxed);
                };
                shuttle::check_dfs(program, None);
            })
        });
        measure("loom", move || {
            counted(|played| {
                loom::model(move || {
                    loomed(rounds);
                    played.fetch_add(1, Relaxed);
                });
            })
        });
    }
}

fn counted(explore: impl FnOnce(Arc<AtomicU64>)) -> u64 {
    let played = Arc::new(AtomicU64::new(0));
    explore(Arc::clone(&played));
    played.load(Relaxed)
}

/// Prints how many schedules `explore` has played, and how many in a second.
fn measure(name: &str, explore: impl FnOnce() -> u64) {
    let start = used();
    let played = explore();
    let seconds = (used() - start).as_secs_f64();
    print!("    {name:<10} {played:>8} schedules in {:>9.1} ms", seconds * 1e3);
    if seconds > 0.01 {
        print!(": {:>9.0}/s", played as f64 / seconds);
    }
    println!();
}

/// The processor time that this process has used.
fn used() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("this is Linux");
    let nanoseconds = stat.split(' ').next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.expect("the first number is a time"))
}
