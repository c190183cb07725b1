// error[E0382]
// In Python a second communicate is a ValueError: the pipes are closed. Here the first one takes the subprocess.

use std::process::Command;

use shared::{Result, Subprocess};

fn main() -> Result<()> {
    let shell = Subprocess::start(&mut Command::new("sh"))?;
    shell.communicate(b"echo one\n")?;
    shell.communicate(b"echo two\n")?;
    Ok(())
}
