//! Four megabytes each way: why do both wait for ever?

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use shared::{Process, Result, Subprocess, clock};

/// Far more than a pipe has room for, which is 64 KiB unless a program asks for more.
const SIZE: usize = 4 << 20;

/// If you write everything before you read, you wait for ever once the pipes are full. `communicate` does both in turn.
pub(crate) fn scene() -> Result<()> {
    println!("parent: starts naive, with a timeout");
    let mut child = Process::new(naive).start()?;
    match child.join_timeout(clock::seconds(5.0))? {
        Some(exit) => println!("parent: naive has ended, {exit}"),
        None => println!("parent: naive has not ended, and is killed"),
    }
    child.kill()?;
    child.join()?;
    communicate()
}

/// Runs in the child. The flaw: cat's output is not read before all of its input is written.
fn naive() -> Result<()> {
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    cat.stdin.take().expect("stdin is piped").write_all(&[b'x'; SIZE])?;
    let mut bytes = Vec::new();
    cat.stdout.take().expect("stdout is piped").read_to_end(&mut bytes)?;
    println!("naive: got {} bytes back, {}", bytes.len(), cat.wait()?);
    Ok(())
}

/// The same, repaired.
fn communicate() -> Result<()> {
    println!("communicate: writes {SIZE} bytes to cat, and reads meanwhile");
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let cat = Subprocess::start(&mut command)?;
    let output = cat.communicate(&[b'x'; SIZE])?; // New: writes or reads, whichever pipe is ready.
    println!("communicate: got {} bytes back, {}", output.stdout.len(), output.status);
    Ok(())
}
