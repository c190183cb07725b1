//! Why is locking twice not locking once?

use std::sync::Mutex;
use std::thread;

use shared::Result;

/// A seat in a plane, and the tickets that have been sold for it.
type Seat = Mutex<Vec<String>>;

/// In the first plane an agent locks a seat twice, in the second one once.
pub(crate) fn two_agents(seats: usize) -> Result<()> {
    let [first, second] = sell_plane(seats, check_then_act);
    println!("locked twice: {first} + {second} tickets for {seats} seats");
    let [first, second] = sell_plane(seats, check_and_act);
    println!("locked once: {first} + {second} tickets for {seats} seats");
    Ok(())
}

/// Both agents go from the first seat to the last. Returns how many tickets each has sold.
fn sell_plane(seats: usize, sell: fn(&Seat, u32) -> bool) -> [usize; 2] {
    let plane: Vec<Seat> = (0..seats).map(|_| Mutex::new(Vec::new())).collect();
    let plane = &plane;
    thread::scope(|scope| {
        let sell_all = move |agent| plane.iter().filter(|seat| sell(seat, agent)).count();
        let agents = [1, 2].map(|agent| scope.spawn(move || sell_all(agent)));
        agents.map(|agent| agent.join().expect("no agent panics"))
    })
}

/// Sells the seat if it is free.
fn check_then_act(seat: &Seat, agent: u32) -> bool {
    let is_free = seat.lock().expect("no holder panics").is_empty();
    if is_free {
        let ticket = format!("sold by agent {agent}");
        seat.lock().expect("no holder panics").push(ticket);
    }
    is_free
}

/// Sells the seat if it is free.
fn check_and_act(seat: &Seat, agent: u32) -> bool {
    let mut tickets = seat.lock().expect("no holder panics"); // New: one guard for both steps.
    let is_free = tickets.is_empty();
    if is_free {
        let ticket = format!("sold by agent {agent}");
        tickets.push(ticket);
    }
    is_free
}
