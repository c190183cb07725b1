// error[E0308]
// os.fork() returns 0 in the child: a number with a second meaning. Fork says which of the two processes this is.

use shared::{Result, fork};

fn main() -> Result<()> {
    if fork()? == 0 {
        println!("I am the child");
    }
    Ok(())
}
