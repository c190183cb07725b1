//! One call of cargo for all that a check needs: the lessons' binaries, and the libraries for refused snippets.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::Deserialize;

use crate::answer::{Error, Result};
use crate::cargo::cargo;
use crate::runner::Runner;
use crate::workspace::{Chapter, Workspace};

/// What cargo made.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    binaries: BTreeMap<String, PathBuf>,
    /// Library files by crate name, with underscores.
    libraries: BTreeMap<String, PathBuf>,
}

/// One message of `cargo build --message-format=json`, as far as it is needed.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

impl Artifacts {
    /// Builds the chapters; None if one does not compile, and cargo has said why on stderr.
    pub(crate) fn build(
        runner: &Runner,
        workspace: &Workspace,
        chapters: &[&Chapter],
    ) -> Result<Option<Self>> {
        if chapters.is_empty() {
            return Ok(Some(Self::default()));
        }
        let mut command = cargo(workspace, "build");
        command.args(["--quiet", "--message-format=json-render-diagnostics"]);
        for chapter in chapters {
            command.args(["--package", &chapter.package]);
        }
        let failed =
            |error: io::Error| Error::Question(format!("cannot build with cargo: {error}"));
        // A group of its own, so that Ctrl-C is ours to pass on, to cargo and to the compilers it started.
        let mut build = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let group = Pid::from_raw(build.id().cast_signed());
        let messages = match build.stdout.take() {
            Some(stdout) => runner.interrupt.read_to_end(stdout, None, || {
                _ = killpg(group, Signal::SIGINT);
            }),
            None => Ok(Vec::new()),
        };
        let status = build.wait().map_err(failed)?;
        if runner.interrupted() {
            return Err(Error::Interrupted);
        }
        let artifacts = Self::parse(&String::from_utf8_lossy(&messages.map_err(failed)?));
        Ok(status.success().then_some(artifacts))
    }

    fn parse(messages: &str) -> Self {
        let mut artifacts = Self::default();
        for line in messages.lines() {
            let Ok(message) = serde_json::from_str::<Message>(line) else {
                continue; // A build script may print what it likes.
            };
            let Some(target) = message.target else {
                continue;
            };
            if message.reason != "compiler-artifact" {
                continue;
            }
            let is_library =
                |file: &&PathBuf| file.extension().is_some_and(|e| e == "rlib" || e == "so");
            match message.executable {
                Some(executable) => _ = artifacts.binaries.insert(target.name, executable),
                None => {
                    if let Some(library) = message.filenames.iter().find(is_library) {
                        let name = target.name.replace('-', "_");
                        artifacts.libraries.insert(name, library.clone());
                    }
                }
            }
        }
        artifacts
    }

    /// The program that plays the chapter.
    pub(crate) fn binary(&self, chapter: &Chapter) -> Result<&Path> {
        self.binaries.get(&chapter.package).map(PathBuf::as_path).ok_or_else(|| {
            Error::Question(format!(
                "{} makes no binary of that name: its package needs a src/main.rs",
                chapter.package
            ))
        })
    }

    /// The file of a library that was built.
    pub(crate) fn library(&self, name: &str) -> Option<&Path> {
        self.libraries.get(name).map(PathBuf::as_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_binaries_and_libraries() {
        let artifacts = Artifacts::parse(
            r#"{"reason":"compiler-artifact","target":{"name":"once-cell"},"filenames":["/d/libonce_cell-1.rlib","/d/libonce_cell-1.rmeta"],"executable":null}
not json
{"reason":"build-script-executed","out_dir":"/x"}
{"reason":"compiler-artifact","target":{"name":"lesson-fork"},"filenames":["/d/lesson-fork"],"executable":"/d/lesson-fork"}
{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(artifacts.library("once_cell"), Some(Path::new("/d/libonce_cell-1.rlib")));
        assert_eq!(artifacts.library("lesson_fork"), None);
        assert_eq!(artifacts.binaries["lesson-fork"], Path::new("/d/lesson-fork"));
    }
}
