//! What can a process do about a signal?

use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::signal::{Signal, kill};
use shared::{Memory, Process, Result, Sender};
use signal_hook::consts::{SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;

/// Two children get signals: SIGUSR1 and SIGTERM for one, SIGUSR1 and SIGKILL for the other.
pub(crate) fn scene() -> Result<()> {
    let open_doors = &Memory::new(AtomicU32::new(0))?;
    for last in [Signal::SIGTERM, Signal::SIGKILL] {
        let (mut ready, sender) = shared::pipe()?;
        let child = Process::new(move || listen(open_doors, sender)).start()?;
        ready.recv()?; // Until the child listens, SIGUSR1 would end it.
        println!("parent: sends SIGUSR1");
        kill(child.pid(), Signal::SIGUSR1)?;
        ready.recv()?;
        println!("parent: sends {last}");
        kill(child.pid(), last)?;
        let exit = child.join()?;
        println!("parent: {exit}, open doors: {}", open_doors.load(Ordering::Relaxed));
    }
    Ok(())
}

/// Runs in each child.
fn listen(open_doors: &AtomicU32, mut ready: Sender<()>) -> Result<()> {
    let _door = Door::open(open_doors);
    let mut signals = Signals::new([SIGUSR1, SIGTERM])?;
    ready.send(&())?;
    for signal in signals.forever() {
        if signal == SIGTERM {
            println!("child: got SIGTERM, leaves the loop");
            break;
        }
        println!("child: got SIGUSR1, goes on");
        ready.send(&())?;
    }
    Ok(()) // Here the door is dropped.
}

/// Something that has to be cleaned up: a door, a lock file, a half-sent order.
struct Door<'a>(&'a AtomicU32);

impl<'a> Door<'a> {
    fn open(open_doors: &'a AtomicU32) -> Self {
        open_doors.fetch_add(1, Ordering::Relaxed);
        Self(open_doors)
    }
}

impl Drop for Door<'_> {
    fn drop(&mut self) {
        println!("child: closes its door");
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
