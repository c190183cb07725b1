//! Plus n, minus n: is it still zero?

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use shared::Result;

/// One thread adds 5 and takes 5 away, the other one 8, again and again. There is no lock.
pub(crate) fn out_of_balance() -> Result<()> {
    for rounds in [10_000, 1_000_000, 1_000_000, 1_000_000] {
        let balance = AtomicI64::new(0);
        two_threads(rounds, |amount| {
            balance.store(balance.load(Ordering::Relaxed) + number(amount), Ordering::Relaxed);
            balance.store(balance.load(Ordering::Relaxed) - number(amount), Ordering::Relaxed);
        });
        println!("{rounds} rounds: the balance is {}", balance.into_inner());
    }
    Ok(())
}

/// The same with a lock. In the end a thread panics between plus 8 and minus 8.
pub(crate) fn scene() -> Result<()> {
    let balance = Mutex::new(0);
    for rounds in [10_000, 1_000_000] {
        two_threads(rounds, |amount| {
            let mut guard = balance.lock().expect("no holder panics"); // New: held for both changes.
            *guard += number(amount);
            *guard -= number(amount);
        });
        println!("{rounds} rounds: the balance is {}", balance.lock().expect("no holder panics"));
    }
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let mut guard = balance.lock().expect("no holder panics");
            *guard += number("8");
            *guard -= number("eight"); // It panics.
        });
        thread.join().expect_err("eight is not a number");
    });
    let balance = balance.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("after a panic: the balance is {balance}");
    Ok(())
}

/// The first thread changes the balance by 5, the second one by 8.
fn two_threads(rounds: u32, change_and_undo: impl Fn(&str) + Sync) {
    thread::scope(|scope| {
        for amount in ["5", "8"] {
            let change_and_undo = &change_and_undo;
            scope.spawn(move || (0..rounds).for_each(|_| change_and_undo(amount)));
        }
    });
}

/// The amounts are texts, as in a file. Parsing one takes a while, as calculations do.
fn number(amount: &str) -> i64 {
    amount.parse().expect("an amount is a number")
}
