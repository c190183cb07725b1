// error[E0599]
// In Python, Popen(..) describes a program and starts it. A Command only describes: there is nothing to wait for yet.

use std::io;
use std::process::Command;

fn main() -> io::Result<()> {
    let mut command = Command::new("sh");
    command.wait()?;
    Ok(())
}
