//! The holder of a lock is killed: what does the next process get?

use shared::sync::{AcquireError, Event, Lock};
use shared::{Process, Result, clock};

/// Two accounts, which together have 100.
type Accounts = Lock<(u32, u32)>;

/// The holder of a lock is killed in the middle of its work, and another process wants the lock.
pub(crate) fn scene() -> Result<()> {
    let accounts = Accounts::new((100, 0))?;
    let half_done = Event::new()?;
    let holder = Process::new(|| move_thirty(&accounts, &half_done)).start()?;
    half_done.wait();
    let waiter = Process::new(|| look("waiter", &accounts)).start()?;
    println!("parent: kills the holder");
    holder.kill()?;
    holder.join()?;
    waiter.join()?;
    look("parent", &accounts)
}

/// Runs in the holder, which is killed during the sleep.
fn move_thirty(accounts: &Accounts, half_done: &Event) -> Result<()> {
    let mut guard = accounts.acquire()?;
    guard.0 -= 30;
    println!("holder: has taken 30 out: {:?}", *guard);
    half_done.set();
    clock::sleep(3600.0);
    guard.1 += 30;
    Ok(())
}

/// Runs in the waiter, and afterwards in the parent.
fn look(name: &str, accounts: &Accounts) -> Result<()> {
    println!("{name}: wants the lock");
    let guard = match accounts.acquire() {
        Ok(guard) => guard,
        Err(AcquireError::Recovered(mut guard)) => {
            println!("{name}: the last holder died and left {:?}", *guard);
            guard.1 = 100 - guard.0;
            guard
        }
        Err(AcquireError::Failed(error)) => return Err(error),
    };
    println!("{name}: has the lock: {:?}", *guard);
    Ok(())
}
