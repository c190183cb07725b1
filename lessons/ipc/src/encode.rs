//! What crosses, and what cannot?

use std::env;
use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};
use shared::{Process, Result, Subprocess, decode, encode, lesson};

#[derive(Debug, Serialize, Deserialize)]
struct Order {
    drink: String,
    cups: u8,
}

static PRICE: AtomicU32 = AtomicU32::new(0);

/// A forked child has a copy of everything; a started program has what is sent to it as bytes.
pub(crate) fn scene() -> Result<()> {
    if lesson::option("started")? {
        return started_program();
    }
    PRICE.store(42, Ordering::Relaxed);
    let order = Order { drink: "tea".to_owned(), cups: 3 };
    // The closure itself never crosses: the child has it already.
    Process::new(|| forked_child(&order)).start()?.join()?;

    let bytes = encode(&order)?;
    println!("parent: encodes it as {bytes:?}");
    let mut command = Command::new(env::current_exe()?);
    command.args(["encode", "--started", "true"]).stdin(Stdio::piped());
    Subprocess::start(&mut command)?.communicate(&bytes)?;
    println!("parent: both have ended");
    Ok(())
}

/// Runs in the child.
fn forked_child(order: &Order) -> Result<()> {
    println!("forked child: price {}, {order:?}", PRICE.load(Ordering::Relaxed));
    Ok(())
}

/// Runs in the same program, started anew.
fn started_program() -> Result<()> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let order: Order = decode(&bytes)?;
    println!("started program: price {}, {order:?}", PRICE.load(Ordering::Relaxed));
    Ok(())
}
