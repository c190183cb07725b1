//! How does `sort | uniq -c` come about?

use std::io::Write;
use std::process::{Command, Stdio};

use shared::Result;

const WORDS: &[u8] = b"pear\napple\npear\nfig\napple\npear\n";

/// The read end of one program's stdout is the next one's stdin: the bytes never pass through us.
pub(crate) fn scene() -> Result<()> {
    let mut sort = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut uniq = Command::new("uniq");
    uniq.arg("-c").stdin(sort.stdout.take().expect("piped")).stdout(Stdio::piped());
    let uniq = uniq.spawn()?;

    let mut words = sort.stdin.take().expect("piped");
    words.write_all(WORDS)?;
    drop(words); // While the write end is open, sort waits for more words, and uniq for sort.

    let output = uniq.wait_with_output()?;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        println!("uniq: {}", line.trim_start());
    }
    println!("sort: {}", sort.wait()?);
    println!("uniq: {}", output.status);
    Ok(())
}
