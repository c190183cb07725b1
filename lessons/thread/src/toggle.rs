//! Do two threads share a local variable, and how do they take turns?

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use shared::{Result, clock, lesson};

/// Each thread has a flag of its own: it prints 00000 or 11111, and flips the flag.
pub(crate) fn scene() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    let left = thread::Builder::new().name("left".to_owned()).spawn(move || toggle(rounds))?;
    let right = thread::Builder::new().name("right".to_owned()).spawn(move || toggle(rounds))?;
    for thread in [left, right] {
        thread.join().expect("toggle does not panic");
    }
    println!("main: round {rounds} is over");
    Ok(())
}

/// Runs in both threads.
fn toggle(rounds: u32) {
    let thread = thread::current();
    let name = thread.name().expect("both threads are named");
    let mut flag = false;
    for _ in 0..2 * rounds {
        println!("{name}: {}", if flag { "11111" } else { "00000" });
        flag = !flag;
        clock::sleep(0.2);
    }
}

/// Two threads hand one turn to and fro: their lines alternate, whatever the scheduler does.
pub(crate) fn strict_turns() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    let (to_zero, zeros_turn) = mpsc::channel();
    let (to_one, ones_turn) = mpsc::channel();
    to_zero.send(()).expect("the receiver is alive"); // There is one turn. Zero gets it first.

    let zero = thread::Builder::new().name("zero".to_owned());
    let zero = zero.spawn(move || take_turns(rounds, "00000", &zeros_turn, &to_one))?;
    let one = thread::Builder::new().name("one".to_owned());
    let one = one.spawn(move || take_turns(rounds, "11111", &ones_turn, &to_zero))?;
    for thread in [zero, one] {
        thread.join().expect("take_turns does not panic");
    }
    println!("main: round {rounds} is over");
    Ok(())
}

/// Runs in both threads. `recv` waits for a message; `send` does not wait.
fn take_turns(rounds: u32, text: &str, my_turn: &Receiver<()>, to_other: &Sender<()>) {
    let thread = thread::current();
    let name = thread.name().expect("both threads are named");
    for _ in 0..rounds {
        my_turn.recv().expect("the other hands over the turn"); // New: wait for the turn.
        println!("{name}: {text}");
        let _ = to_other.send(()); // After the last round the other one may have ended.
    }
}
