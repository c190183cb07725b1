//! Why is locking twice not locking once?

use std::sync::Mutex;
use std::thread;

use shared::Result;

/// A seat in a plane, and the tickets that have been sold for it.
type Seat = Mutex<Vec<String>>;

/// Two agents sell the same seats. No agent looks at a seat, or sells it, without its lock.
pub(crate) fn scene() -> Result<()> {
    two_agents(200_000, check_then_act)
}

/// Two agents sell the same seats. An agent holds the lock of a seat from the look to the sale.
pub(crate) fn one_lock() -> Result<()> {
    two_agents(200_000, check_and_act)
}

/// Both agents go from the first seat to the last.
pub(crate) fn two_agents(seats: usize, sell: fn(&Seat, u32) -> bool) -> Result<()> {
    let plane: Vec<Seat> = (0..seats).map(|_| Mutex::new(Vec::new())).collect();
    let plane = &plane;
    thread::scope(|scope| {
        for agent in 1..=2 {
            scope.spawn(move || {
                let sold = plane.iter().filter(|seat| sell(seat, agent)).count();
                println!("agent {agent}: has sold {sold} tickets");
            });
        }
    });
    let tickets = |seat: &Seat| seat.lock().expect("no holder panics").len();
    let twice = plane.iter().filter(|seat| tickets(seat) == 2).count();
    println!("main: {seats} seats, {twice} of them sold twice");
    Ok(())
}

/// Sells this seat if it is free.
pub(crate) fn check_then_act(seat: &Seat, agent: u32) -> bool {
    let is_free = seat.lock().expect("no holder panics").is_empty();
    if is_free {
        let ticket = format!("sold by agent {agent}");
        seat.lock().expect("no holder panics").push(ticket);
    }
    is_free
}

/// Sells this seat if it is free.
pub(crate) fn check_and_act(seat: &Seat, agent: u32) -> bool {
    let mut tickets = seat.lock().expect("no holder panics"); // New: one guard for both steps.
    let is_free = tickets.is_empty();
    if is_free {
        let ticket = format!("sold by agent {agent}");
        tickets.push(ticket);
    }
    is_free
}
