//! How does one tell many that it is time?

use shared::Result;
use shared::clock::{self, Stopwatch};
use shared::sync::Event;

use crate::children;

/// Nobody passes an event that is not set: three wait until one sets it, and a wait with a limit gives up.
pub(crate) fn scene() -> Result<()> {
    let event = Event::new()?;
    let runners = children::start(3, |number| run(number, &event))?;
    let watch = Stopwatch::start();
    let set = event.wait_timeout(clock::seconds(1.0));
    println!("starter: has waited {:.1} s, set: {set}", watch.seconds());
    println!("starter: sets the event");
    event.set();
    children::join(runners)?;
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
