// error[E0277]
// Python raises an error when the program runs: "Can't pickle <function <lambda> at 0x...>". A closure is code
// and what it has captured, and the code means nothing in another program. Send the values, not the code.

use shared::{Result, encode};

fn main() -> Result<()> {
    let double = |cups: u8| cups * 2;
    let bytes = encode(&double)?;
    println!("{bytes:?}");
    Ok(())
}
