// error[E0277]
// A Vec is a pointer into the memory of its own process, and in another process that address holds something else, or
// nothing. Only plain numbers can be shared, and arrays and tuples of them.

use shared::Result;
use shared::sync::Lock;

fn main() -> Result<()> {
    let _list = Lock::new(vec![1, 2, 3])?;
    Ok(())
}
