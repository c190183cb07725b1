//! Two processes send at the same time: does either of them ever receive?

use shared::{Connection, Process, Result};

const LENGTH: usize = 1_000_000; // More than a pipe holds.

/// Both sides send a long message before they receive one.
pub(crate) fn scene() -> Result<()> {
    let (parent_end, child_end) = Connection::pair()?;
    let child = Process::new(move || talk("child", child_end)).start()?;
    talk("parent", parent_end)?;
    child.join()?;
    Ok(())
}

/// Runs in the parent and in the child.
fn talk(name: &str, mut connection: Connection<String, String>) -> Result<()> {
    println!("{name}: sends");
    connection.send(&"x".repeat(LENGTH))?;
    let message = connection.recv()?;
    println!("{name}: got {} letters", message.len());
    Ok(())
}
