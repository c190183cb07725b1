//! What if a thread gives up, and tries again?

use std::sync::Barrier;
use std::thread::{self, Builder};

use parking_lot::Mutex;
use shared::{Result, clock, lesson};

/// Two threads give up after two seconds, and try again at the same moment.
pub(crate) fn livelock() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    let (a, b, in_step) = (&Mutex::new(()), &Mutex::new(()), &Barrier::new(2));
    thread::scope(|scope| -> Result<()> {
        for (name, first, second) in [("left", a, b), ("right", b, a)] {
            let work = move || {
                for round in 1..=rounds {
                    if try_round(name, round, first, second, in_step) {
                        break;
                    }
                }
            };
            Builder::new().name(name.to_owned()).spawn_scoped(scope, work)?;
        }
        Ok(())
    })?;
    println!("main: {rounds} rounds are over");
    Ok(())
}

/// Two threads give up after two seconds, and one of them then pauses for longer than the other.
pub(crate) fn scene() -> Result<()> {
    let (a, b, in_step) = (&Mutex::new(()), &Mutex::new(()), &Barrier::new(2));
    thread::scope(|scope| -> Result<()> {
        // New: after a failure, right pauses for longer.
        for (name, first, second, pause) in [("left", a, b, 1.0), ("right", b, a, 4.0)] {
            let work = move || back_off(name, first, second, in_step, pause);
            Builder::new().name(name.to_owned()).spawn_scoped(scope, work)?;
        }
        Ok(())
    })?;
    println!("main: both are down");
    Ok(())
}

/// Runs in each thread.
fn back_off(name: &str, first: &Mutex<()>, second: &Mutex<()>, in_step: &Barrier, pause: f64) {
    let alone = Barrier::new(1); // It lets a thread pass at once: only the first round is in step.
    let mut round = 1;
    while !try_round(name, round, first, second, if round == 1 { in_step } else { &alone }) {
        clock::sleep(pause);
        round += 1;
    }
}

/// Runs in each thread. Returns whether the thread got both locks. The barrier makes the rare case certain.
fn try_round(
    name: &str,
    round: u32,
    first: &Mutex<()>,
    second: &Mutex<()>,
    in_step: &Barrier,
) -> bool {
    let _first = first.lock();
    println!("{name}: up, in round {round}");
    in_step.wait(); // Both are up.
    let second = second.try_lock_for(clock::seconds(2.0));
    let words = if second.is_some() { "down" } else { "gives up" };
    println!("{name}: {words}, in round {round}");
    in_step.wait(); // Both have given up, and still hold their first lock.
    second.is_some()
}
