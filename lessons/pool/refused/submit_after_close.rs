// error[E0382]
// Python raises "ValueError: Pool not running". Here close takes the pool, so no pool is left to give a task to.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    let closed = pool.close();
    pool.apply(u64::count_ones, 7)?;
    closed.join()
}
