// error[E0382]
// In Python a closed pool can be asked, and raises "ValueError: Pool not running". Here close takes
// the pool: nobody has one any more that could be given a task.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    let closed = pool.close();
    pool.apply(u64::count_ones, 7)?;
    closed.join()
}
