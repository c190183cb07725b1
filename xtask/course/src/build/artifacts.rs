//! One call of cargo makes everything that is needed: binaries, libraries for refused snippets, and the compiler's
//! messages.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::Deserialize;

use super::cargo::cargo;
use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};

/// How often a build checks whether it was cancelled.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Follows a build, and may stop it.
pub trait Observer {
    /// Whether the build must stop. Called every 50 ms.
    fn cancelled(&self) -> bool;

    /// Called when one more crate is built. Crates that were up to date do not count.
    fn built(&self, name: &str);
}

/// The files that cargo made, and the compiler's messages.
#[derive(Debug, Default)]
pub struct Artifacts {
    binaries: BTreeMap<String, PathBuf>,
    /// Library files by crate name, with underscores.
    libraries: BTreeMap<String, PathBuf>,
    /// The errors, by the crate that did not compile.
    errors: BTreeMap<String, String>,
    warnings: String,
}

/// The fields that are needed from one message of `cargo build --message-format=json`.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    fresh: bool,
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
    /// Builds as many of the chapters as compile, and keeps the warnings for [`Artifacts::warnings`].
    pub fn of(course: &Course, chapters: &[&Chapter], observer: &dyn Observer) -> Result<Self> {
        let manifest = course.root.join("Cargo.toml");
        let packages: Vec<&str> = chapters.iter().map(|chapter| chapter.package.as_str()).collect();
        Self::build(course, &manifest, &packages, &[], observer)
    }

    /// Builds as many of `packages` as compile, with these `flags` of cargo. They are members of the workspace whose
    /// manifest is `manifest`.
    pub(crate) fn build(
        course: &Course,
        manifest: &Path,
        packages: &[&str],
        flags: &[&str],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut artifacts = Self::default();
        if packages.is_empty() {
            return Ok(artifacts); // Without a package, cargo would build them all.
        }
        let mut command = cargo(course, "build");
        command.args(["--quiet", "--keep-going"]).args(flags);
        command.arg("--message-format=json-diagnostic-rendered-ansi");
        command.arg("--manifest-path").arg(manifest);
        for package in packages {
            command.args(["--package", package]);
        }
        let (succeeded, mut stderr) = call(&mut command, observer, |line| {
            if let Some(name) = artifacts.read(line) {
                observer.built(&name);
            }
        })
        .map_err(|error| Error::wrong(format!("cannot build with cargo: {error}")))?;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
        if !succeeded && artifacts.errors.is_empty() {
            // No crate caused this: it was a manifest, a build script, or cargo itself.
            let mut said = String::new();
            _ = stderr.rewind().and_then(|()| stderr.read_to_string(&mut said));
            return Err(Error::wrong(format!("cargo cannot build:\n{}", said.trim_end())));
        }
        Ok(artifacts)
    }

    /// Reads one of cargo's messages. Returns the name of the crate if the message says that one was built.
    fn read(&mut self, line: &str) -> Option<String> {
        // A line that is not JSON comes from a build script, which may print anything.
        let message: Message = serde_json::from_str(line).ok()?;
        let target = message.target?.name;
        match (message.reason.as_str(), message.message) {
            ("compiler-artifact", _) => {
                self.add(&target, message.filenames, message.executable);
                (!message.fresh).then_some(target)
            }
            ("compiler-message", Some(diagnostic)) => {
                self.keep(target, diagnostic);
                None
            }
            _ => None,
        }
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

    fn keep(&mut self, target: String, message: Diagnostic) {
        let rendered = message.rendered.unwrap_or_default();
        match message.level.as_str() {
            "warning" => self.warnings.push_str(&rendered),
            // Includes an error of the compiler itself: "error: internal compiler error".
            level if level.starts_with("error") => {
                self.errors.entry(target).or_default().push_str(&rendered);
            }
            _ => {}
        }
    }

    /// The compiler's warnings, in its own words and colours.
    pub fn warnings(&self) -> &str {
        &self.warnings
    }

    /// The compiler's errors, in its own words and colours.
    pub fn errors(&self) -> Option<String> {
        let errors: Vec<&str> = self.errors.values().map(|errors| errors.trim_end()).collect();
        (!errors.is_empty()).then(|| errors.join("\n\n"))
    }

    /// The binary of a package, or why there is none: its own errors, or the errors of a crate that it depends on.
    pub fn executable(&self, package: &str) -> std::result::Result<&Path, String> {
        self.binaries.get(package).map(PathBuf::as_path).ok_or_else(|| {
            let own = self.errors.get(package).cloned();
            own.or_else(|| self.errors()).unwrap_or_else(|| {
                format!("{package} makes no binary of that name: its package needs a src/main.rs")
            })
        })
    }

    /// The program that plays the chapter.
    ///
    /// # Errors
    ///
    /// `NotCompiled`, with the compiler's errors.
    pub fn binary(&self, chapter: &Chapter) -> Result<&Path> {
        self.executable(&chapter.package).map_err(Error::NotCompiled)
    }

    /// The file of a library that was built.
    pub fn library(&self, name: &str) -> Option<&Path> {
        self.libraries.get(name).map(PathBuf::as_path)
    }
}

/// Calls cargo, and passes each line of its stdout to `receive`. Returns whether it succeeded, and its stderr.
fn call(
    command: &mut Command,
    observer: &dyn Observer,
    mut receive: impl FnMut(&str),
) -> io::Result<(bool, File)> {
    // A file instead of a pipe, so that it need not be read meanwhile.
    let stderr = tempfile::tempfile()?;
    // A process group of its own: one signal then reaches cargo and the compilers that it has started.
    let mut build = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr.try_clone()?)
        .process_group(0)
        .spawn()?;
    let group = Pid::from_raw(build.id().cast_signed());
    let stdout = build.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (sender, lines) = channel();
    let reader = thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
            _ = sender.send(line); // After a cancel no thread receives the lines, but cargo must still end.
        }
    });
    let mut stopping = false;
    loop {
        match lines.recv_timeout(POLL_INTERVAL) {
            Ok(line) => receive(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if !stopping && observer.cancelled() {
            stopping = true;
            _ = killpg(group, Signal::SIGINT);
        }
    }
    _ = reader.join();
    Ok((build.wait()?.success(), stderr))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(messages: &str) -> Artifacts {
        let mut artifacts = Artifacts::default();
        for line in messages.lines() {
            artifacts.read(line);
        }
        artifacts
    }

    #[test]
    fn messages_name_binaries_and_libraries() {
        let artifacts = parse(
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
        let artifacts = parse(
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
