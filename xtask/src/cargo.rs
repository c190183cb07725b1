//! How xtask calls cargo: the one that started it, building where it builds.

use std::env;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use nix::sys::signal::Signal;

use crate::answer::{Answer, Error, Result};
use crate::workspace::Workspace;

/// `cargo <subcommand>` in the workspace's root.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .arg(subcommand)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.target());
    command
}

/// What the end of a call of cargo, or of xtask itself, means.
pub(crate) fn answer(status: io::Result<ExitStatus>) -> Result {
    let status = status.map_err(|error| Error::Question(format!("cannot start cargo: {error}")))?;
    // Ctrl-C reaches all of the terminal's processes: cargo dies of it, xtask tidies up first.
    if status.signal() == Some(Signal::SIGINT as i32) || status.code() == Some(130) {
        return Err(Error::Interrupted);
    }
    Ok(if status.success() { Answer::Held } else { Answer::Broken })
}
