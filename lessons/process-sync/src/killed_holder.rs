//! The holder of a lock is killed: who tells the next one?

use std::thread;

use shared::sync::{AcquireError, Event, Lock};
use shared::{Process, Result};

/// Two purses, which hold 100 together.
type Purses = Lock<(u32, u32)>;

/// A lock whose holder was killed goes to the next one, who is told, once: it can repair what is half changed.
pub(crate) fn scene() -> Result<()> {
    let purses = Purses::new((100, 0))?;
    let half_done = Event::new()?;
    let holder = Process::new(|| move_thirty(&purses, &half_done)).start()?;
    half_done.wait();
    let heir = Process::new(|| look("heir", &purses)).start()?;
    println!("parent: kills the holder");
    holder.kill()?;
    holder.join()?;
    heir.join()?;
    look("parent", &purses)
}

/// Runs in the holder, which does not live to put the 30 into the other purse.
fn move_thirty(purses: &Purses, half_done: &Event) -> Result<()> {
    let mut guard = purses.acquire()?;
    guard.0 -= 30;
    println!("holder: has taken 30 out: {:?}", *guard);
    half_done.set();
    loop {
        thread::park();
    }
}

/// Runs in the heir, and once more in the parent.
fn look(who: &str, purses: &Purses) -> Result<()> {
    println!("{who}: wants the lock");
    let guard = match purses.acquire() {
        Ok(guard) => guard,
        Err(AcquireError::Recovered(mut guard)) => {
            println!("{who}: is told that the holder is dead, and finds {:?}", *guard);
            guard.1 = 100 - guard.0;
            guard
        }
        Err(AcquireError::Failed(error)) => return Err(error),
    };
    println!("{who}: has the lock: {:?}", *guard);
    Ok(())
}
