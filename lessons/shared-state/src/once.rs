//! Ten threads need one costly value: which types make it only once?

use std::sync::{LazyLock, OnceLock};

use once_cell::sync::{Lazy, OnceCell};
use shared::{Error, Result, lesson};

use crate::check_then_make::{in_ten_threads, make};

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
