//! What if there is no such program?

use std::process::{Command, Stdio};

use shared::{Result, Subprocess};

/// A program that is not there is an error of the start; if a shell was to start it, it is an exit code of the shell.
pub(crate) fn scene() -> Result<()> {
    match Command::new("nslokup").status() {
        Ok(status) => println!("std: {status}"),
        Err(error) => println!("std: {error}"),
    }
    for program in ["nslokup", "/etc/passwd"] {
        match Subprocess::start(&mut Command::new(program)) {
            Ok(subprocess) => println!("shared: {}", subprocess.wait()?),
            Err(error) => println!("shared: {error}"),
        }
    }
    // The shell complains on stderr, in words of its own.
    let status = Command::new("sh").args(["-c", "nslokup"]).stderr(Stdio::null()).status()?;
    println!("sh: {status}");
    Ok(())
}
