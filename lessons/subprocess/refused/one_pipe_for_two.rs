// error[E0382]
// In Python you can give p1.stdout to two programs, and each gets some of the bytes. Here a read end has one owner.

use std::io;
use std::process::{Command, Stdio};

fn main() -> io::Result<()> {
    let sort = Command::new("sort").stdout(Stdio::piped()).spawn()?;
    let words = sort.stdout.expect("stdout is piped");
    Command::new("uniq").stdin(words).spawn()?;
    Command::new("wc").stdin(words).spawn()?;
    Ok(())
}
