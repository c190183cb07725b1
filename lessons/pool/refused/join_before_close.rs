// error[E0599]
// In Python this raises "ValueError: Pool is still running". Here only what close returns has a join.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    pool.join()
}
