//! Whose value does an old key lead to?

use shared::Result;
use slab::Slab;

use crate::pool::Pool;

/// Main keeps the key of a session that has ended, and looks the session up.
pub(crate) fn scene() -> Result<()> {
    let mut sessions = Slab::new();
    let zzb = sessions.insert("zzb");
    println!("main: zzb logs in: session {:?}", sessions.get(zzb));
    sessions.remove(zzb);
    println!("main: zzb logs out: session {:?}", sessions.get(zzb));
    sessions.insert("wang");
    println!("main: wang logs in; zzb's key leads to {:?}", sessions.get(zzb));
    Ok(())
}

/// The same with a pool whose handles count how often a block has been freed.
pub(crate) fn generations() -> Result<()> {
    let mut sessions = Pool::<&str, 64>::new();
    let zzb = sessions.allocate("zzb"); // New: the handle has the block's generation.
    println!("main: zzb logs in: session {:?}", sessions.get(zzb));
    sessions.free(zzb);
    println!("main: zzb logs out: session {:?}", sessions.get(zzb));
    sessions.allocate("wang");
    println!("main: wang logs in; zzb's handle leads to {:?}", sessions.get(zzb));
    println!("main: zzb logs out again: {:?}", sessions.free(zzb));
    Ok(())
}
