//! How do I write to it and read what it says?

use std::process::{Command, Stdio};

use shared::{Result, Subprocess};

/// A shell reads its commands line by line, as from a person.
const COMMANDS: &str = "\
answer=$((6 * 7))
echo the answer is $answer
echo but nobody asked >&2
exit 3
";

/// A shell is told four commands through a pipe; its output, its errors and its exit status come back apart.
pub(crate) fn scene() -> Result<()> {
    let mut command = Command::new("sh");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let shell = Subprocess::start(&mut command)?;
    let output = shell.communicate(COMMANDS.as_bytes())?;
    print!("stdout: {}", String::from_utf8_lossy(&output.stdout));
    print!("stderr: {}", String::from_utf8_lossy(&output.stderr));
    println!("{}", output.status);
    Ok(())
}
