//! Printing: each call is one step.

use std::fmt::{self, Write};
use std::panic::Location;

use crate::engine::{self, NONE, Op};

/// Prints on the stdout of the explored program.
#[track_caller]
pub fn print(text: fmt::Arguments<'_>) {
    // The text may be calculated by code that has points of its own.
    let mut line = engine::with(|engine| engine.state().this().take_text());
    _ = line.write_fmt(text);
    engine::with(|engine| engine.state().this().set_text(line));
    engine::act(Op::Print, NONE, Location::caller(), engine::Engine::print);
}

/// Calculates a text for stderr, which no outcome shows.
pub fn error(text: fmt::Arguments<'_>) {
    _ = text.to_string();
}

/// Prints a line on the stdout of the explored program.
#[macro_export]
macro_rules! println {
    () => { $crate::swapped::print($crate::swapped::format_args!("\n")) };
    ($($text:tt)*) => {
        $crate::swapped::print($crate::swapped::format_args!("{}\n", $crate::swapped::format_args!($($text)*)))
    };
}

/// Prints on the stdout of the explored program.
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => { $crate::swapped::print($crate::swapped::format_args!($($text)*)) };
}

/// Takes a line for stderr, which no outcome shows.
#[macro_export]
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::swapped::error($crate::swapped::format_args!($($text)*)) };
}

/// Takes a text for stderr, which no outcome shows.
#[macro_export]
macro_rules! eprint {
    ($($text:tt)*) => { $crate::swapped::error($crate::swapped::format_args!($($text)*)) };
}

/// Panics, in the thread that calls it. The macro alone: the module of the same name is not there.
#[macro_export]
macro_rules! panic {
    ($($text:tt)*) => { ::core::panic!($($text)*) };
}
