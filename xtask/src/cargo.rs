//! How xtask calls cargo: the one that started it, building where it builds.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::answer::{Answer, Error, Result};
use crate::workspace::Workspace;

/// What one build did not manage: the compiler's messages for each package that failed.
pub(crate) type Refusals = BTreeMap<String, String>;

/// `cargo <subcommand>` in the workspace's root.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .arg(subcommand)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.target());
    command
}

/// Where cargo puts the binary of `package`.
pub(crate) fn binary(workspace: &Workspace, package: &str) -> PathBuf {
    workspace.target().join("debug").join(package)
}

/// What the end of a call of cargo, or of xtask itself, means.
pub(crate) fn answer(status: io::Result<ExitStatus>) -> Result {
    let status = status.map_err(|error| unstarted(&error))?;
    // Ctrl-C reaches all of the terminal's processes: cargo dies of it, xtask tidies up first.
    if status.signal() == Some(Signal::SIGINT as i32) || status.code() == Some(130) {
        return Err(Error::Interrupted);
    }
    Ok(if status.success() { Answer::Held } else { Answer::Broken })
}

fn unstarted(error: &io::Error) -> Error {
    Error::Question(format!("cannot start cargo: {error}"))
}

/// Builds `packages` of the workspace whose manifest is `manifest`, with one call.
pub(crate) fn build(workspace: &Workspace, manifest: &Path, packages: &[&str]) -> Result<Refusals> {
    if packages.is_empty() {
        return Ok(Refusals::new());
    }
    let mut command = cargo(workspace, "build");
    command.args(["--quiet", "--keep-going", "--message-format=json"]);
    command.arg("--manifest-path").arg(manifest);
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.stderr(Stdio::piped()).output().map_err(|error| unstarted(&error))?;
    let refusals = refusals(&String::from_utf8_lossy(&output.stdout));
    if answer(Ok(output.status))? == Answer::Broken && refusals.is_empty() {
        // No crate is to blame: a manifest, or cargo itself.
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Question(stderr.trim_end().to_owned()));
    }
    Ok(refusals)
}

/// The errors in cargo's messages, by the name of the target that they stopped.
fn refusals(messages: &str) -> Refusals {
    let mut refusals = Refusals::new();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let target = message["target"]["name"].as_str().unwrap_or_default();
            let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
            refusals.entry(target.to_owned()).or_default().push_str(rendered);
        }
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_are_refusals() {
        let messages = r#"{"reason":"compiler-message","target":{"name":"a"},"message":{"level":"warning","rendered":"w"}}
{"reason":"compiler-message","target":{"name":"b"},"message":{"level":"error","rendered":"one\n"}}
{"reason":"compiler-message","target":{"name":"b"},"message":{"level":"error","rendered":"two\n"}}
{"reason":"build-finished","success":false}"#;
        assert_eq!(refusals(messages), Refusals::from([("b".to_owned(), "one\ntwo\n".to_owned())]));
    }
}
