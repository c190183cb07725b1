//! Ten threads check whether a value is there: how often is it made?

use std::fmt::Display;
use std::sync::{Barrier, Mutex};
use std::thread;

use shared::{Result, clock};

/// Each thread checks whether there is a table, and makes one if there is none.
pub(crate) fn scene() -> Result<()> {
    let table = Mutex::new(None);
    let all_have_checked = Barrier::new(10); // No thread makes a table before all have checked.
    in_ten_threads(|| {
        let is_missing = table.lock().expect("no thread panics").is_none();
        all_have_checked.wait();
        if is_missing {
            let made = make();
            *table.lock().expect("no thread panics") = Some(made);
        }
        table.lock().expect("no thread panics").clone().expect("the table is made")
    })
}

/// Makes a table, which says who made it. The sleep stands for reading a large file.
pub(crate) fn make() -> String {
    let maker = thread::current().name().expect("each thread is named").to_owned();
    println!("{maker}: makes a table");
    clock::sleep(1.0);
    maker
}

/// Calls `table` in ten threads at the same time. Each prints what it gets.
pub(crate) fn in_ten_threads<T: Display>(table: impl Fn() -> T + Sync) -> Result<()> {
    let table = &table; // The closures below move this reference.
    thread::scope(|scope| {
        for number in 1..=10 {
            let builder = thread::Builder::new().name(format!("thread {number}"));
            builder.spawn_scoped(scope, move || {
                println!("thread {number}: uses the table of {}", table());
            })?;
        }
        Ok(())
    })
}
