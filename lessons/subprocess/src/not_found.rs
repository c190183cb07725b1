//! What if there is no such program?

use std::process::{Command, Stdio};

use shared::{Result, Subprocess};

/// If there is no such program, the start fails. If a shell is to run it, the shell ends with code 127.
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
    // The shell explains it on stderr.
    let status = Command::new("sh").args(["-c", "nslokup"]).stderr(Stdio::null()).status()?;
    println!("sh: {status}");
    Ok(())
}
