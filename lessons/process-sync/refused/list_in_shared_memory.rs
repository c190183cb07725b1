// error[E0277]
// A Vec is a pointer to memory of its own process. Another process would follow it to somewhere
// else, or to nowhere. Only plain numbers, and arrays and tuples of them, can be shared.

use shared::Result;
use shared::sync::Lock;

fn main() -> Result<()> {
    let _list = Lock::new(vec![1, 2, 3])?;
    Ok(())
}
