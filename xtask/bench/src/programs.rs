//! The programs that measure: built outside the course's workspace, and started one at a time.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::{self, Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::figure::{Figure, median};
use crate::measured::Measured;
use crate::neighbours::Neighbours;
use crate::operation::{Contender, Operation, Program};
use crate::turn;

/// How to start each of the programs.
#[derive(Debug)]
pub struct Programs {
    folder: PathBuf,
    target: PathBuf,
    /// The program of the peers, or why there is none.
    peers: std::result::Result<PathBuf, String>,
    python: OsString,
    /// How long one figure is measured.
    span: Duration,
    /// The folder for their temporary files, which is removed at the end.
    temporary: TempDir,
}

impl Programs {
    /// Builds the program of ours and the limits with cargo, from the package in `folder` into the folder `target`.
    /// Each figure will be measured for `span`.
    ///
    /// # Errors
    ///
    /// - [`Error::NotBuilt`] if it does not compile; cargo has printed why, on stderr
    /// - [`Error::Cancelled`] if Ctrl-C ended cargo
    /// - [`Error::System`] if cargo cannot be started, or there is no temporary folder
    pub fn build(folder: &Path, target: &Path, span: Duration) -> Result<Self> {
        let absolute = |path| path::absolute(path).map_err(Error::system("find the programs"));
        let programs = Self {
            folder: absolute(folder)?,
            target: absolute(target)?,
            peers: Err("not built".to_owned()),
            python: env::var_os("PYTHON").unwrap_or("python3".into()),
            span,
            temporary: tempfile::tempdir().map_err(Error::system("make a temporary folder"))?,
        };
        let status = programs.cargo(&["--bin", "bench"]).status();
        match has_built(status.map_err(Error::system("start cargo"))?)? {
            true => Ok(programs),
            false => Err(Error::NotBuilt { folder: folder.to_owned() }),
        }
    }

    /// Builds the peers that need further crates, which takes a minute the first time. The peers are skipped if they do
    /// not compile, or if this was not called.
    ///
    /// # Errors
    ///
    /// The errors of [`Programs::build`], except [`Error::NotBuilt`].
    pub fn build_peers(&mut self) -> Result<()> {
        let output = self.cargo(&["--quiet", "--features", "peers", "--bin", "peers"]).output();
        let output = output.map_err(Error::system("start cargo"))?;
        self.peers = match has_built(output.status)? {
            true => Ok(self.program("peers")),
            false => Err(format!("cannot be built: {}", first_error(&output.stderr))),
        };
        Ok(())
    }

    /// Gives all contenders their turns, for this many rounds. Calls `turn` before each turn, with the contender's name
    /// and the round, from 1. Calls `is_cancelled` about ten times a second.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`] as soon as `is_cancelled` returns true.
    pub fn measure(
        &self,
        operation: &'static Operation,
        rounds: u32,
        is_cancelled: impl Fn() -> bool,
        mut turn: impl FnMut(&Contender, u32),
    ) -> Result<Measured> {
        let before = Neighbours::now();
        let mut figures: Vec<std::result::Result<Vec<f64>, String>> =
            operation.contenders.iter().map(|_| Ok(Vec::new())).collect();
        for round in 1..=rounds {
            for (contender, figures) in operation.contenders.iter().zip(&mut figures) {
                turn(contender, round);
                // A contender that has failed once gets no further turn.
                if let Ok(so_far) = figures {
                    match self.figure(operation, contender, &is_cancelled)? {
                        Ok(figure) => so_far.push(figure),
                        Err(reason) => *figures = Err(reason),
                    }
                }
            }
        }
        let figure = |figures: std::result::Result<Vec<f64>, String>| -> Figure {
            figures.and_then(|figures| median(figures).ok_or_else(|| "no round".to_owned()))
        };
        Ok(Measured {
            operation,
            figures: figures.into_iter().map(figure).collect(),
            noise: before.and_then(Neighbours::noise),
        })
    }

    /// The figure of one turn.
    fn figure(
        &self,
        operation: &Operation,
        contender: &Contender,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Figure> {
        let mut command = match (contender.program, &self.peers) {
            (Program::Bench, _) => Command::new(self.program("bench")),
            (Program::Peers, Ok(program)) => Command::new(program),
            (Program::Peers, Err(reason)) => return Ok(Err(reason.clone())),
            (Program::Python, _) => {
                let mut command = Command::new(&self.python);
                // -B: leaves no compiled files in the sources.
                command.arg("-B").arg(self.folder.join("python/main.py"));
                command
            }
        };
        command.args([operation.name, contender.name]);
        command.env("BENCH_MILLISECONDS", self.span.as_millis().to_string());
        command.env("TMPDIR", self.temporary.path());
        turn::take(&mut command, is_cancelled)
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// `cargo build` of one program, with the cargo that started us, if there is one.
    fn cargo(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        command.args(["build", "--release"]).args(options);
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

/// Whether cargo has built the program.
fn has_built(status: ExitStatus) -> Result<bool> {
    // Ctrl-C reaches all processes of the terminal, and cargo dies from it.
    match status.signal() == Some(Signal::SIGINT as i32) {
        true => Err(Error::Cancelled),
        false => Ok(status.success()),
    }
}

/// The first error that cargo prints, without the details.
fn first_error(stderr: &[u8]) -> String {
    let stderr = String::from_utf8_lossy(stderr);
    let error = stderr.lines().find(|line| line.starts_with("error"));
    error.unwrap_or("cargo does not say why").to_owned()
}
