//! One socket for both ways: where does a message end?

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use shared::{Process, Result};

/// A socket carries bytes both ways. Both sides agree that a message ends with its line.
pub(crate) fn scene() -> Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    let child = Process::new(move || serve(theirs)).start()?;
    for order in ["tea", "cake"] {
        println!("parent: orders {order}");
        ours.write_all(format!("{order}\n").as_bytes())?;
    }
    ours.shutdown(Shutdown::Write)?; // No more orders: the child sees end-of-file. The other way stays open.
    for line in BufReader::new(ours).lines() {
        println!("parent: got: {}", line?);
    }
    println!("parent: end-of-file");
    child.join()?;
    Ok(())
}

/// Runs in the child.
fn serve(mut parent: UnixStream) -> Result<()> {
    for line in BufReader::new(parent.try_clone()?).lines() {
        let order = line?;
        println!("child: brings {order}");
        parent.write_all(format!("here is your {order}\n").as_bytes())?;
    }
    println!("child: end-of-file");
    Ok(())
}
