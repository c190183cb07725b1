//! A megabyte each way: why do both stop for ever?

use std::env;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use shared::{Error, Result, Subprocess, clock, lesson};

/// Far more than a pipe has room for, which is 64 KiB.
const SIZE: usize = 1 << 20;

/// Who writes all and then reads waits for ever, as soon as the pipes are full; who serves whichever is ready, never.
pub(crate) fn scene() -> Result<()> {
    let way: String = lesson::option("way")?;
    match way.as_str() {
        "naive" => naive(),
        "communicate" => communicate(),
        "both" => naive_with_limit().and_then(|()| communicate()),
        _ => Err(Error::Option {
            name: "way".to_owned(),
            value: way,
            reason: "it is naive, communicate or both".to_owned(),
        }),
    }
}

/// The flaw: nobody reads from cat until it has been told everything. It writes what it reads, and waits for us.
fn naive() -> Result<()> {
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    cat.stdin.take().expect("piped").write_all(&[b'x'; SIZE])?;
    let mut bytes = Vec::new();
    cat.stdout.take().expect("piped").read_to_end(&mut bytes)?;
    println!("naive: got {} bytes back, {}", bytes.len(), cat.wait()?);
    Ok(())
}

fn communicate() -> Result<()> {
    println!("communicate: writes {SIZE} bytes to cat, and reads meanwhile");
    let mut command = Command::new("cat");
    let cat = Subprocess::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
    // New: writes and reads in turn, as each pipe is ready.
    let output = cat.communicate(&[b'x'; SIZE])?;
    println!("communicate: got {} bytes back, {}", output.stdout.len(), output.status);
    Ok(())
}

/// The naive way in a process of its own, since it will not come back by itself.
fn naive_with_limit() -> Result<()> {
    println!("parent: starts naive, with a limit");
    let mut lesson = Command::new(env::current_exe()?);
    let naive = Subprocess::start(lesson.args(["big-output", "--way", "naive"]))?;
    match naive.wait_timeout(clock::seconds(10.0)) {
        Ok(status) => println!("parent: naive has ended, {status}"),
        Err(error) => println!("parent: {error}"),
    }
    Ok(())
}
