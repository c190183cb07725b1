// error[E0599]
// In Python Popen(..) both describes a program and starts it. A Command is the description: nobody can wait for it.

use std::io;
use std::process::Command;

fn main() -> io::Result<()> {
    let mut command = Command::new("sh");
    command.wait()?;
    Ok(())
}
