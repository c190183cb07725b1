//! How does a type of my own run as a process?

use std::os::unix::process::parent_id;
use std::process::id;

use shared::clock::{self, Stopwatch};
use shared::{Child, Process, Result};

/// Five objects run as five processes; each starts when the one before it has ended.
pub(crate) fn scene() -> Result<()> {
    println!("parent {}: begins the relay", id());
    let watch = Stopwatch::start();
    for number in 1..=5 {
        println!("parent {}: starts runner {number}", id());
        let runner = Runner { number, seconds: 1.0 };
        let child = runner.start()?;
        child.join()?;
    }
    println!("parent {}: the relay took {:.1} s", id(), watch.seconds());
    Ok(())
}

struct Runner {
    number: u32,
    seconds: f64,
}

impl Runner {
    /// Takes the object, so it cannot be started twice.
    fn start(self) -> Result<Child> {
        Process::new(move || self.run()).start()
    }

    /// Runs in the child. The sleep stands for a lap.
    fn run(self) -> Result<()> {
        println!("runner {}: I am {}, my parent is {}", self.number, id(), parent_id());
        let watch = Stopwatch::start();
        clock::sleep(self.seconds);
        println!("runner {}: arrives after {:.1} s", self.number, watch.seconds());
        Ok(())
    }
}
