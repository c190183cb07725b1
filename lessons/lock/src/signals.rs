//! How do three runners start, share and meet?

use std::sync::Barrier;
use std::thread;

use shared::{Result, clock};

use crate::event::Event;
use crate::semaphore::Semaphore;

/// Three runners start at one event, cross a bridge for two, and meet at a barrier.
pub(crate) fn scene() -> Result<()> {
    let start = &Event::default();
    let bridge = &Semaphore::new(2);
    let finish = &Barrier::new(3);
    thread::scope(|scope| {
        for number in 1..=3 {
            scope.spawn(move || {
                start.wait();
                {
                    let _permit = bridge.acquire();
                    println!("runner {number}: steps on the bridge");
                    clock::sleep(0.1); // It stands for crossing.
                    println!("runner {number}: steps off");
                }
                if finish.wait().is_leader() {
                    println!("runner {number}: all three have arrived");
                }
            });
        }
        println!("starter: sets the event");
        start.set();
    });
    Ok(())
}
