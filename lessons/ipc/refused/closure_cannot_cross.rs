// error[E0277]
// Python finds out at run time: "Can't pickle <function <lambda> at 0x...>". A closure is code and what
// it has captured, and code means nothing in another program. Send the values, not the code.

use shared::{Result, encode};

fn main() -> Result<()> {
    let double = |cups: u8| cups * 2;
    let bytes = encode(&double)?;
    println!("{bytes:?}");
    Ok(())
}
