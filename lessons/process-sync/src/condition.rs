//! How do I wait until a value is as I need it?

use shared::sync::Condition;
use shared::{Process, Result, clock, join_all};

/// A customer sleeps until there is a loaf, so no more loaves are taken than have been baked.
pub(crate) fn scene() -> Result<()> {
    let shelf = Condition::new(0)?;
    let mut children = Vec::new();
    for number in 1..=3 {
        children.push(Process::new(|| buy(number, &shelf)).start()?);
    }
    children.push(Process::new(|| bake(&shelf)).start()?);
    join_all(children)?;
    println!("main: {} loaves are left", *shelf.acquire()?);
    Ok(())
}

/// Runs in the baker. The sleep stands for baking.
fn bake(shelf: &Condition<i32>) -> Result<()> {
    for number in 1..=3 {
        clock::sleep(0.5);
        let mut loaves = shelf.acquire()?;
        *loaves += 1;
        println!("baker: loaf {number} is on the shelf");
        loaves.notify_one(); // A method of the guard: only a holder of the lock can call it.
    }
    Ok(())
}

/// Runs in each customer.
fn buy(number: u32, shelf: &Condition<i32>) -> Result<()> {
    println!("customer {number}: wants a loaf");
    let mut loaves = shelf.acquire()?.wait_for(|loaves| *loaves > 0)?;
    *loaves -= 1;
    println!("customer {number}: takes one");
    Ok(())
}
