//! `run`: build a chapter and play it on this terminal.

use crate::answer::{Answer, Error, Result};
use crate::cargo::cargo;
use crate::cli;
use crate::workspace::Workspace;

pub(crate) fn run(arguments: &cli::Run) -> Result {
    let workspace = Workspace::find()?;
    let chapter = workspace.chapter(&arguments.chapter)?;
    if let Some(scene) = &arguments.scene {
        chapter.scene(scene)?;
    }
    let status = cargo(&workspace, "run")
        .args(["--quiet", "--package", &chapter.package, "--"])
        .args(&arguments.scene)
        .args(&arguments.options)
        .status()
        .map_err(|error| Error::Question(format!("cannot start cargo: {error}")))?;
    Ok(if status.success() {
        Answer::Held
    } else {
        Answer::Broken
    })
}
