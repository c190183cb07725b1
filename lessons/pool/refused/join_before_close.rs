// error[E0599]
// Python raises "ValueError: Pool is still running". Here a pool has no join: only what close returns has one.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    pool.join()
}
