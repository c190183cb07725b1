//! Why is locking twice not locking once?

use std::sync::Mutex;
use std::thread;

use shared::Result;

const SEATS: usize = 100_000;

/// Two agents sell the same seats. Each looks under the lock whether a seat is free, and then sells it under the lock.
pub(crate) fn scene() -> Result<()> {
    two_agents(SEATS, check_then_act)
}

/// Two agents sell the same seats. Each holds the lock from the look to the sale.
pub(crate) fn one_lock() -> Result<()> {
    two_agents(SEATS, check_and_act)
}

/// Each seat has a lock, and in it the number of tickets that are sold for this seat.
fn two_agents(seats: usize, sell: fn(&Mutex<u32>) -> bool) -> Result<()> {
    let plane: Vec<Mutex<u32>> = (0..seats).map(|_| Mutex::new(0)).collect();
    let sold = |number| {
        let sold = plane.iter().filter(|seat| sell(seat)).count();
        println!("agent {number}: has sold {sold} tickets");
    };
    thread::scope(|scope| {
        scope.spawn(|| sold(1));
        scope.spawn(|| sold(2));
    });
    let tickets = |seat: &Mutex<u32>| *seat.lock().expect("no holder panics");
    let twice = plane.iter().filter(|seat| tickets(seat) > 1).count();
    println!("main: {seats} seats, {twice} of them sold twice");
    Ok(())
}

/// Sells this seat if it is free.
fn check_then_act(seat: &Mutex<u32>) -> bool {
    let is_free = *seat.lock().expect("no holder panics") == 0;
    if is_free {
        *seat.lock().expect("no holder panics") += 1;
    }
    is_free
}

/// Sells this seat if it is free.
fn check_and_act(seat: &Mutex<u32>) -> bool {
    let mut tickets = seat.lock().expect("no holder panics"); // New: one guard for both steps.
    let is_free = *tickets == 0;
    if is_free {
        *tickets += 1;
    }
    is_free
}
