//! How xtask calls cargo: the one that started it, building where it builds.

use std::env;
use std::process::Command;

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
