//! What takes the place of `std` in a program that is explored.
//!
//! Each item is listed by its name. What is not here does not exist for the program: a call of it is an error of the
//! compiler, which names the call and its line. So nothing of the real `std` that blocks, or whose result depends on
//! the time, the machine or another process, can slip in.

mod local;
mod print;
pub mod sync;
pub mod thread;

pub use self::print::{error, print};
pub use crate::{eprint, eprintln, panic, print, println, thread_local};

pub use ::core::format_args;
pub use ::std::{
    any, array, ascii, borrow, boxed, cell, char, clone, cmp, collections, convert, default, error,
    f32, f64, fmt, hash, iter, marker, mem, num, ops, option, pin, primitive, ptr, rc, result,
    slice, str, string, vec,
};
pub use ::std::{
    assert_eq, assert_ne, debug_assert, debug_assert_eq, debug_assert_ne, format, matches, todo,
    unimplemented, unreachable, write, writeln,
};

/// Waiting in a loop.
pub mod hint {
    pub use ::std::hint::{black_box, unreachable_unchecked};

    pub use super::thread::yield_now as spin_loop;
}

/// The errors of [`thread::Builder`].
pub mod io {
    pub use ::std::io::{Error, ErrorKind, Result};
}

/// Durations. A schedule has no clock.
pub mod time {
    pub use ::std::time::Duration;
}

/// What every file imports, with the macros that are swapped.
pub mod prelude {
    /// The part that all editions have in common.
    pub mod v1 {
        pub use ::std::prelude::v1::*;

        pub use crate::{eprint, eprintln, panic, print, println, thread_local};
    }

    /// The prelude of the edition 2024.
    pub mod rust_2024 {
        pub use ::std::prelude::rust_2024::*;

        pub use crate::{eprint, eprintln, panic, print, println, thread_local};
    }
}
