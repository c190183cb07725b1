//! How do three runners stay in step?

use shared::sync::Barrier;
use shared::{Process, Result, clock, join_all};

const ROUNDS: u32 = 3;

/// However fast a runner is, it begins no round before all have ended the one before.
pub(crate) fn scene() -> Result<()> {
    let barrier = Barrier::new(3)?;
    let mut runners = Vec::new();
    for number in 1..=3 {
        runners.push(Process::new(|| run(number, &barrier)).start()?);
    }
    join_all(runners)
}

/// Runs in each child. The sleep stands for running: runner 3 takes nine times as long as runner 1.
fn run(number: u32, barrier: &Barrier) -> Result<()> {
    for round in 1..=ROUNDS {
        clock::sleep(0.1 * f64::from(number * number));
        println!("runner {number}: has run round {round}");
        barrier.wait()?;
    }
    Ok(())
}
