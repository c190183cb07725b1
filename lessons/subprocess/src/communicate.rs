//! How do I write to it and read its output?

use std::process::{Command, Stdio};

use shared::{Result, Subprocess};

/// What a person would type.
const COMMANDS: &str = "\
answer=$((6 * 7))
echo the answer is $answer
echo but no one asked >&2
exit 3
";

/// A shell gets four commands through a pipe. Its output, its errors and its exit status come back separately.
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
