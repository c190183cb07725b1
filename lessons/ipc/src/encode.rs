//! What crosses, and what cannot?

use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use shared::{Process, Result, Subprocess, decode, encode};

#[derive(Debug, Serialize, Deserialize)]
struct Order {
    drink: String,
    cups: u8,
}

/// A forked child has a copy of the order. Another program gets bytes, and sends back bytes.
pub(crate) fn scene() -> Result<()> {
    let order = Order { drink: "tea".to_owned(), cups: 3 };
    let child = Process::new(|| print(&order)).start()?; // fork copies the closure and what it refers to.
    child.join()?;

    let bytes = encode(&order)?;
    println!("tr gets {bytes:?}");
    let mut capitals = Command::new("tr");
    capitals.args(["a-z", "A-Z"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let answer = Subprocess::start(&mut capitals)?.communicate(&bytes)?.stdout;
    println!("tr sends {answer:?}");
    println!("parent: {:?}", decode::<Order>(&answer)?);
    Ok(())
}

/// Runs in the child.
fn print(order: &Order) -> Result<()> {
    println!("forked child: {order:?}");
    Ok(())
}
