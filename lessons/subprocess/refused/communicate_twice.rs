// error[E0382]
// In Python a second communicate with input is a ValueError. Here the first one consumes the subprocess.

use std::process::Command;

use shared::{Result, Subprocess};

fn main() -> Result<()> {
    let shell = Subprocess::start(&mut Command::new("sh"))?;
    shell.communicate(b"echo one\n")?;
    shell.communicate(b"echo two\n")?;
    Ok(())
}
