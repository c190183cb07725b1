//! The holder of a lock panics: what does the next thread get?

use std::sync::Mutex;
use std::thread;

use shared::Result;

/// Two accounts, which together have 100.
type Accounts = (u32, u32);

/// A holder panics between two changes. Main asks for the lock, once std's and once parking_lot's.
pub(crate) fn scene() -> Result<()> {
    let accounts = Mutex::new((100, 0));
    thread::scope(|scope| {
        let mover = scope.spawn(|| pay(120, &mut accounts.lock().expect("no holder has panicked")));
        mover.join().expect_err("120 is too much");
    });
    match accounts.lock() {
        Ok(guard) => println!("main: std's lock holds {:?}", *guard),
        Err(poisoned) => {
            let mut guard = poisoned.into_inner(); // The guard, in spite of the panic.
            println!("main: std's lock is poisoned, and holds {:?}", *guard);
            guard.1 = 100 - guard.0;
            accounts.clear_poison(); // The accounts agree again.
        }
    }
    println!("main: repaired, {:?}", *accounts.lock().expect("the poison is cleared"));

    let accounts = parking_lot::Mutex::new((100, 0));
    thread::scope(|scope| {
        let mover = scope.spawn(|| pay(120, &mut accounts.lock()));
        mover.join().expect_err("120 is too much");
    });
    println!("main: parking_lot's lock holds {:?}", *accounts.lock());
    Ok(())
}

/// Runs in the thread. Subtracting 120 from 100 panics, when the second account has the money already.
fn pay(amount: u32, accounts: &mut Accounts) {
    accounts.1 += amount;
    accounts.0 = accounts.0.checked_sub(amount).expect("there is enough money");
}
