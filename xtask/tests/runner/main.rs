//! What runs scenes is tried on programs that misbehave in every way we could think of.

mod check;
mod course;
mod ending;
mod supervisor;
