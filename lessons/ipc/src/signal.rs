//! What can a process do about a signal?

use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::signal::{Signal, kill};
use shared::{Memory, Process, Result, Sender};
use signal_hook::consts::{SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;

/// It may go on as after SIGUSR1, or clean up and end as after SIGTERM. Of SIGKILL it never hears.
pub(crate) fn scene() -> Result<()> {
    let open = &Memory::new(AtomicU32::new(0))?;
    for last in [Signal::SIGTERM, Signal::SIGKILL] {
        let (mut receiver, sender) = shared::pipe()?;
        let child = Process::new(move || listen(open, sender)).start()?;
        receiver.recv()?; // Before it listens, SIGUSR1 would end it.
        println!("parent: sends SIGUSR1");
        kill(child.pid(), Signal::SIGUSR1)?;
        receiver.recv()?;
        println!("parent: sends {last}");
        kill(child.pid(), last)?;
        let exit = child.join()?;
        println!("parent: {exit}, doors left open: {}", open.load(Ordering::Relaxed));
    }
    Ok(())
}

/// Runs in each child.
fn listen(open: &AtomicU32, mut sender: Sender<()>) -> Result<()> {
    let _door = Door::open(open);
    let mut signals = Signals::new([SIGUSR1, SIGTERM])?;
    sender.send(&())?;
    for signal in signals.forever() {
        if signal == SIGTERM {
            println!("child: hears SIGTERM, and leaves");
            break;
        }
        println!("child: hears SIGUSR1, and goes on");
        sender.send(&())?;
    }
    Ok(()) // Here the door is dropped.
}

/// Something that must not be left as it is: a door, a lock file, an order half sent.
struct Door<'a>(&'a AtomicU32);

impl<'a> Door<'a> {
    fn open(open: &'a AtomicU32) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(open)
    }
}

impl Drop for Door<'_> {
    fn drop(&mut self) {
        println!("child: closes its door");
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
