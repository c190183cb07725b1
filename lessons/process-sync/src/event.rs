//! How does one process tell many that it is time?

use shared::clock::{self, Stopwatch};
use shared::sync::Event;
use shared::{Process, Result, join_all};

/// Three runners wait until the starter sets the event. A wait with a timeout gives up and returns false.
pub(crate) fn scene() -> Result<()> {
    let event = Event::new()?;
    let mut runners = Vec::new();
    for number in 1..=3 {
        runners.push(Process::new(|| run(number, &event)).start()?);
    }
    let watch = Stopwatch::start();
    let set = event.wait_timeout(clock::seconds(1.0));
    println!("starter: has waited {:.1} s, set: {set}", watch.seconds());
    println!("starter: sets the event");
    event.set();
    join_all(runners)?;
    println!("starter: waits again, set: {}", event.wait_timeout(clock::seconds(1.0)));
    Ok(())
}

/// Runs in each child.
fn run(number: u32, event: &Event) -> Result<()> {
    println!("runner {number}: waits");
    event.wait();
    println!("runner {number}: runs");
    Ok(())
}
