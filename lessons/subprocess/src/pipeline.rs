//! How does a shell connect `sort | uniq -c`?

use std::io::Write;
use std::process::{Command, Stdio};

use shared::Result;

const WORDS: &[u8] = b"pear\napple\npear\nfig\napple\npear\n";

/// What sort prints goes straight into uniq: the bytes never pass through us.
pub(crate) fn scene() -> Result<()> {
    let mut sort = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let sorted = sort.stdout.take().expect("stdout is piped");
    let uniq = Command::new("uniq").arg("-c").stdin(sorted).stdout(Stdio::piped()).spawn()?;

    let mut words = sort.stdin.take().expect("stdin is piped");
    words.write_all(WORDS)?;
    drop(words); // While this write end is open, sort waits for more words, and uniq waits for sort.

    let output = uniq.wait_with_output()?;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        println!("uniq: {}", line.trim_start());
    }
    println!("sort: {}", sort.wait()?);
    println!("uniq: {}", output.status);
    Ok(())
}
