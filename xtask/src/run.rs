//! `run`: build a chapter and play it on this terminal.

use crate::answer::Result;
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
    answer(command.args(&arguments.scene).args(&arguments.options).status())
}
