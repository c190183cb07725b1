//! Checks of programs that misbehave in many ways, and all ways in which a check can end.

mod attacks;
mod check;
mod ending;
mod orders;
mod planted;
mod replay;
mod seen;
