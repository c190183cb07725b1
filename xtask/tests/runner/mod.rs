//! A check of programs that misbehave in every way we could think of, and its end, however it comes.

mod check;
mod ending;
