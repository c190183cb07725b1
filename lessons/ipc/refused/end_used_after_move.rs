// error[E0382]
// In Python the parent still has the child's end open and must close it by hand, or end-of-file never comes.
// Here the end has been moved into the child, and the parent cannot use it any more.

use shared::{Process, Result, pipe};

fn main() -> Result<()> {
    let (mut receiver, mut sender) = pipe::<u32>()?;
    let child = Process::new(move || sender.send(&1)).start()?;
    sender.send(&2)?;
    println!("{}", receiver.recv()?);
    child.join()?;
    Ok(())
}
