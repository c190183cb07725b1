// error[E0599]
// In Python two processes may send through one end of a Pipe at the same time, and its manual warns
// that the data may become corrupted. Here an end cannot be cloned: it has one owner.

use shared::{Process, Result, pipe};

fn main() -> Result<()> {
    let (mut receiver, mut sender) = pipe::<u32>()?;
    let mut second = sender.clone();
    let child = Process::new(move || second.send(&1)).start()?;
    sender.send(&2)?;
    println!("{} {}", receiver.recv()?, receiver.recv()?);
    child.join()?;
    Ok(())
}
