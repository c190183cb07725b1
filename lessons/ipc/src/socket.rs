//! One socket for both ways: where does a message end?

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use shared::{Process, Result};

/// A socket carries bytes both ways; the two sides must agree where a message ends, and here it is a line.
pub(crate) fn scene() -> Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    let child = Process::new(move || serve(theirs)).start()?;
    for wish in ["tea", "cake"] {
        println!("parent: orders {wish}");
        ours.write_all(format!("{wish}\n").as_bytes())?;
    }
    // To close it would end both ways. And the child has a copy of our end: it would see no end-of-file.
    ours.shutdown(Shutdown::Write)?;
    for line in BufReader::new(ours).lines() {
        println!("parent: hears: {}", line?);
    }
    println!("parent: end-of-file");
    child.join()?;
    Ok(())
}

/// Runs in the child.
fn serve(mut parent: UnixStream) -> Result<()> {
    for line in BufReader::new(parent.try_clone()?).lines() {
        let wish = line?;
        println!("child: brings {wish}");
        parent.write_all(format!("here is your {wish}\n").as_bytes())?;
    }
    println!("child: end-of-file");
    Ok(())
}
