// error[E0004]
// In Python, a forgotten `else` lets the child run on with the parent's code. Here the match must name both returns.

use shared::{Fork, Result, fork};

fn main() -> Result<()> {
    match fork()? {
        Fork::Parent { child } => println!("the child is {child}"),
    }
    Ok(())
}
