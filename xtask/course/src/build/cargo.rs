//! Calls the same cargo that started us, with the same target folder.

use std::env;
use std::process::Command;

use crate::course::Course;

/// `cargo <subcommand>` in the course's root.
pub fn cargo(course: &Course, subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.arg(subcommand).current_dir(&course.root).env("CARGO_TARGET_DIR", course.target());
    command
}
