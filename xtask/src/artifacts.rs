//! One call of cargo for all that is needed: binaries, the libraries for refused snippets, and what the compiler says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::Deserialize;

use crate::answer::{Error, Result};
use crate::cargo::cargo;
use crate::runner::Runner;
use crate::workspace::{Chapter, Workspace};

/// What cargo made, and what the compiler said meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    binaries: BTreeMap<String, PathBuf>,
    /// Library files by crate name, with underscores.
    libraries: BTreeMap<String, PathBuf>,
    /// The errors by the crate that they stopped.
    errors: BTreeMap<String, String>,
    warnings: String,
}

/// One message of `cargo build --message-format=json`, as far as it is needed.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

impl Artifacts {
    /// Builds the chapters. `NotCompiled` if one of them does not compile; warnings go to stderr.
    pub(crate) fn of(
        runner: &Runner,
        workspace: &Workspace,
        chapters: &[&Chapter],
    ) -> Result<Self> {
        let manifest = workspace.root.join("Cargo.toml");
        let packages: Vec<&str> = chapters.iter().map(|chapter| chapter.package.as_str()).collect();
        let artifacts = Self::build(runner, workspace, &manifest, &packages)?;
        anstream::eprint!("{}", artifacts.warnings);
        match artifacts.errors() {
            None => Ok(artifacts),
            Some(errors) => Err(Error::NotCompiled(errors)),
        }
    }

    /// Builds what it can of `packages`, members of the workspace whose manifest is `manifest`.
    pub(crate) fn build(
        runner: &Runner,
        workspace: &Workspace,
        manifest: &Path,
        packages: &[&str],
    ) -> Result<Self> {
        if packages.is_empty() {
            return Ok(Self::default()); // Without a package, cargo would build them all.
        }
        let mut command = cargo(workspace, "build");
        command.args(["--quiet", "--keep-going"]);
        command.arg("--message-format=json-diagnostic-rendered-ansi");
        command.arg("--manifest-path").arg(manifest);
        for package in packages {
            command.args(["--package", package]);
        }
        let (succeeded, messages, mut stderr) = call(runner, &mut command)
            .map_err(|error| Error::Question(format!("cannot build with cargo: {error}")))?;
        if runner.interrupted() {
            return Err(Error::Interrupted);
        }
        let artifacts = Self::parse(&messages);
        if !succeeded && artifacts.errors.is_empty() {
            // No crate is to blame: a manifest, a build script, or cargo itself.
            let mut said = String::new();
            _ = stderr.rewind().and_then(|()| stderr.read_to_string(&mut said));
            return Err(Error::Question(format!("cargo cannot build:\n{}", said.trim_end())));
        }
        Ok(artifacts)
    }

    fn parse(messages: &str) -> Self {
        let mut artifacts = Self::default();
        for line in messages.lines() {
            // A build script may print what it likes.
            if let Ok(Message { reason, target: Some(target), filenames, executable, message }) =
                serde_json::from_str(line)
            {
                match (reason.as_str(), message) {
                    ("compiler-artifact", _) => artifacts.add(&target.name, filenames, executable),
                    ("compiler-message", Some(message)) => artifacts.hear(target.name, message),
                    _ => {}
                }
            }
        }
        artifacts
    }

    fn add(&mut self, target: &str, files: Vec<PathBuf>, executable: Option<PathBuf>) {
        let is_library =
            |file: &PathBuf| file.extension().is_some_and(|e| e == "rlib" || e == "so");
        if let Some(executable) = executable {
            self.binaries.insert(target.to_owned(), executable);
        } else if let Some(library) = files.into_iter().find(is_library) {
            self.libraries.insert(target.replace('-', "_"), library);
        }
    }

    fn hear(&mut self, target: String, message: Diagnostic) {
        let rendered = message.rendered.unwrap_or_default();
        match message.level.as_str() {
            "warning" => self.warnings.push_str(&rendered),
            // Of the compiler itself as well: "error: internal compiler error".
            level if level.starts_with("error") => {
                self.errors.entry(target).or_default().push_str(&rendered);
            }
            _ => {}
        }
    }

    /// What the compiler refused, in its own words and colours.
    pub(crate) fn errors(&self) -> Option<String> {
        let errors: Vec<&str> = self.errors.values().map(|errors| errors.trim_end()).collect();
        (!errors.is_empty()).then(|| errors.join("\n\n"))
    }

    /// The binary of a package, or why there is none: its own errors, or those of what it depends on.
    pub(crate) fn executable(&self, package: &str) -> std::result::Result<&Path, String> {
        self.binaries.get(package).map(PathBuf::as_path).ok_or_else(|| {
            let own = self.errors.get(package).cloned();
            own.or_else(|| self.errors()).unwrap_or_else(|| {
                format!("{package} makes no binary of that name: its package needs a src/main.rs")
            })
        })
    }

    /// The program that plays the chapter.
    pub(crate) fn binary(&self, chapter: &Chapter) -> Result<&Path> {
        self.executable(&chapter.package).map_err(Error::Question)
    }

    /// The file of a library that was built.
    pub(crate) fn library(&self, name: &str) -> Option<&Path> {
        self.libraries.get(name).map(PathBuf::as_path)
    }
}

/// Calls cargo; whether it succeeded, what it said on stdout, and on stderr.
fn call(runner: &Runner, command: &mut Command) -> io::Result<(bool, String, File)> {
    // A file and no pipe, so that nobody has to read it meanwhile.
    let stderr = tempfile::tempfile()?;
    // A group of its own, so that Ctrl-C is ours to pass on, to cargo and to the compilers it started.
    let mut build = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr.try_clone()?)
        .process_group(0)
        .spawn()?;
    let group = Pid::from_raw(build.id().cast_signed());
    let stdout = build.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let messages = runner.interrupt.read_to_end(stdout, None, || {
        _ = killpg(group, Signal::SIGINT);
    });
    let status = build.wait()?;
    Ok((status.success(), String::from_utf8_lossy(&messages?).into_owned(), stderr))
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
    #[test]
    fn errors_belong_to_the_crate_that_they_stop() {
        let artifacts = Artifacts::parse(
            r#"{"reason":"compiler-message","target":{"name":"a"},"message":{"level":"warning","rendered":"w"}}
{"reason":"compiler-message","target":{"name":"b"},"message":{"level":"error","rendered":"one\n"}}
{"reason":"compiler-message","target":{"name":"b"},"message":{"level":"error","rendered":"two\n"}}
{"reason":"build-finished","success":false}"#,
        );
        assert_eq!(artifacts.warnings, "w");
        assert_eq!(artifacts.executable("b"), Err("one\ntwo\n".to_owned()));
        assert_eq!(artifacts.executable("needs-b"), Err("one\ntwo".to_owned()));
    }
}
