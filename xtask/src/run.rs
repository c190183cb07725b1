//! `run`: build a chapter and play it on this terminal.

use crate::answer::{Error, Result};
use crate::cargo::{answer, cargo};
use crate::cli;
use crate::workspace::Workspace;

pub(crate) fn run(arguments: &cli::Run) -> Result {
    let workspace = Workspace::find()?;
    let chapter = workspace.chapter(&arguments.chapter)?;
    if let Some(scene) = &arguments.scene {
        chapter.scene(scene)?;
    }
    let mut command = cargo(&workspace, "run");
    command.args(["--quiet", "--package", &chapter.package, "--"]);
    let status = command.args(&arguments.scene).args(&arguments.options).status();
    match &status {
        // Cargo's own failures have other codes: this one is the lesson's.
        Ok(status) if status.code() == Some(2) => Err(Error::Told),
        _ => answer(status),
    }
}
