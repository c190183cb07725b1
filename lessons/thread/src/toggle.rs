//! How do two threads take turns?

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use shared::{Result, lesson};

/// Two threads hand one turn to and fro: their lines alternate, whatever the scheduler does.
pub(crate) fn scene() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    // Capacity 0 makes a rendezvous: send returns when the other thread has taken the turn.
    let (to_zero, zeros_turn) = mpsc::sync_channel(0);
    let (to_one, ones_turn) = mpsc::sync_channel(0);

    let zero = thread::Builder::new().name("zero".to_owned());
    let zero = zero.spawn(move || take_turns("00000", zeros_turn, &to_one))?;
    // Main makes the first move. Twice as many turns as rounds: the last number, 0, comes to zero again.
    let turns = 2 * u64::from(rounds);
    to_zero.send(turns).expect("zero waits for its turn");
    let one = thread::Builder::new().name("one".to_owned());
    let one = one.spawn(move || take_turns("11111", ones_turn, &to_zero))?;

    for thread in [zero, one] {
        thread.join().expect("take_turns does not panic");
    }
    println!("main: round {rounds} is over");
    Ok(())
}

/// Runs in both threads. A turn is a number: how many turns are left.
fn take_turns(text: &str, my_turn: Receiver<u64>, to_other: &SyncSender<u64>) {
    let thread = thread::current();
    let name = thread.name().expect("both threads are named");
    for left in my_turn {
        if left == 0 {
            break; // Our sender goes with us, and that ends the other thread's loop.
        }
        println!("{name}: {text}");
        to_other.send(left - 1).expect("the other waits");
    }
}
