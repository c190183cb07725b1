//! Ten threads need one costly value: how often is it made?

use std::fmt::Display;
use std::sync::{Barrier, LazyLock, Mutex, OnceLock};
use std::thread;

use once_cell::sync::{Lazy, OnceCell};
use shared::{Error, Result, clock, lesson};

/// Each thread checks whether there is a table, and makes one if there is none.
pub(crate) fn check_then_make() -> Result<()> {
    let table = Mutex::new(None);
    let all_have_checked = Barrier::new(10); // It makes the rare case certain.
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

static ONCE_CELL: OnceCell<String> = OnceCell::new();
static LAZY: Lazy<String> = Lazy::new(make);
static ONCE_LOCK: OnceLock<String> = OnceLock::new();
static LAZY_LOCK: LazyLock<String> = LazyLock::new(make);

/// Two types of the crate once_cell, and the same two in std: each thread asks for the table.
pub(crate) fn scene() -> Result<()> {
    let with: String = lesson::option("with")?;
    let table: fn() -> &'static String = match with.as_str() {
        "once-cell" => || ONCE_CELL.get_or_init(make), // New: checks and makes in one step.
        "lazy" => || &LAZY,
        "once-lock" => || ONCE_LOCK.get_or_init(make),
        "lazy-lock" => || &LAZY_LOCK,
        _ => return Err(Error::other("--with takes once-cell, lazy, once-lock or lazy-lock")),
    };
    in_ten_threads(table)
}

/// Makes a table, which says who made it. The sleep stands for reading a large file.
fn make() -> String {
    let maker = thread::current().name().expect("each thread is named").to_owned();
    println!("{maker}: makes a table");
    clock::sleep(1.0);
    maker
}

/// Calls `table` in ten threads at the same time.
fn in_ten_threads<T: Display>(table: impl Fn() -> T + Sync) -> Result<()> {
    let table = &table;
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
