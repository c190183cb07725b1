//! How did it end?

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use shared::Result;

/// A program ends with a code or by a signal, never with both. A shell turns a signal into a code.
pub(crate) fn scene() -> Result<()> {
    tell("exit 0")?;
    tell("exit 3")?;
    tell("kill -TERM $$")?;
    tell("sh -c 'kill -TERM $$'; exit $?") // 128 + 15
}

/// Runs the script in a shell, where $$ is the pid of that shell.
fn tell(script: &str) -> Result<()> {
    let mut command = Command::new("sh");
    command.args(["-c", script]).stderr(Stdio::null()); // Some shells report a killed child there.
    let status = command.status()?;
    let how = match (status.code(), status.signal()) {
        (Some(0), _) => "success".to_owned(),
        (Some(code), _) => format!("exit code {code}"),
        (None, signal) => format!("killed by signal {}", signal.expect("no code, so a signal")),
    };
    println!("{script}: {how}");
    Ok(())
}
