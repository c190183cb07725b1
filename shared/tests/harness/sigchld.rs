//! A program that inherits SIGCHLD as ignored: the system reaps its children at once.

use std::process::Command;

use crate::harness::play;

/// A command that plays an act that way.
pub(crate) fn ignoring_sigchld(act: &str) -> Command {
    let act = play(act);
    let mut ignoring = Command::new("env");
    ignoring.arg("--ignore-signal=CHLD").arg(act.get_program());
    ignoring.envs(act.get_envs().filter_map(|(name, value)| Some((name, value?))));
    ignoring
}
