//! Checks of programs that misbehave in many ways, and all ways in which a check can end.

mod attack;
mod attacks;
mod audit;
mod check;
mod ending;
mod orders;
mod planted;
mod play;
mod play_goals;
mod play_terminal;
mod play_words;
mod replay;
mod seen;
