//! How does a type of my own run as a process?

use std::process::id;

use shared::{Child, Process, Result, clock};

/// Five structs run as five processes, each when the one before it has ended.
pub(crate) fn scene() -> Result<()> {
    println!("parent {}: begins the relay", id());
    for number in 1..=5 {
        println!("parent {}: starts runner {number}", id());
        let runner = Runner { number, seconds: 1.0 };
        runner.start()?.join()?;
    }
    println!("parent {}: the relay is over", id());
    Ok(())
}

struct Runner {
    number: u32,
    seconds: f64,
}

impl Runner {
    /// Takes the struct itself: what has been started cannot be started again.
    fn start(self) -> Result<Child> {
        Process::new(move || self.run()).start()
    }

    /// Runs in the child. The sleep stands for a lap.
    fn run(self) -> Result<()> {
        clock::sleep(self.seconds);
        println!("runner {}: hands over, I am {}", self.number, id());
        Ok(())
    }
}
