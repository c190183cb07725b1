//! The programs that measure: built outside the course's workspace, and started one at a time.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::judgement::Outcome;
use super::operation::{Contender, Operation, Program};
use crate::answer::{Answer, Error, Result};
use crate::cargo::{self, cargo};
use crate::runner::Interrupt;
use crate::workspace::Workspace;

/// After so long a program is stopped. The slowest need some seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// How to start each of the programs.
pub(crate) struct Programs {
    interrupt: Interrupt,
    bench: PathBuf,
    /// Or why there is none.
    peers: std::result::Result<PathBuf, String>,
    python: (OsString, PathBuf),
    /// For how long a figure is measured.
    span: Duration,
    /// Where they put files that go away at the end.
    temporary: TempDir,
}

impl Programs {
    /// Builds what the operations need.
    pub(crate) fn new(
        workspace: &Workspace,
        operations: &[&Operation],
        span: Duration,
    ) -> Result<Self> {
        let interrupt = Interrupt::listen().map_err(|error| failed("listen for Ctrl-C", &error))?;
        let folder = workspace.root.join("xtask/bench");
        let target = workspace.target().join("bench");
        let build = |options: &[&str]| {
            let mut command = cargo(workspace, "build");
            command.args(["--release", "--manifest-path"]);
            command.arg(folder.join("Cargo.toml")).args(options);
            command.env("CARGO_TARGET_DIR", &target);
            command
        };
        let program = |name: &str| target.join("release").join(name);

        if cargo::answer(build(&["--bin", "bench"]).status())? == Answer::Broken {
            let what = "xtask/bench does not build, see above".to_owned();
            return Err(Error::NotCompiled(what));
        }
        let needs_peers = |operation: &&Operation| {
            operation.contenders.iter().any(|contender| contender.program == Program::Peers)
        };
        let peers = if operations.iter().any(needs_peers) {
            anstream::eprintln!("building the peers, which takes a minute if they are new");
            let mut command = build(&["--quiet", "--features", "peers", "--bin", "peers"]);
            let output = command.output().map_err(|error| failed("start cargo", &error))?;
            match cargo::answer(Ok(output.status))? {
                Answer::Held => Ok(program("peers")),
                Answer::Broken => Err(format!("cannot be built: {}", first_error(&output.stderr))),
            }
        } else {
            Err("not needed".to_owned())
        };
        let python = env::var_os("PYTHON").unwrap_or("python3".into());
        let temporary =
            tempfile::tempdir().map_err(|error| failed("make a temporary folder", &error))?;
        Ok(Self {
            interrupt,
            bench: program("bench"),
            peers,
            python: (python, folder.join("python/main.py")),
            span,
            temporary,
        })
    }

    /// One figure of a contender, or why there is none.
    pub(crate) fn measure(&self, operation: &Operation, contender: &Contender) -> Result<Outcome> {
        let mut command = match (contender.program, &self.peers) {
            (Program::Bench, _) => Command::new(&self.bench),
            (Program::Peers, Ok(program)) => Command::new(program),
            (Program::Peers, Err(reason)) => return Ok(Err(reason.clone())),
            (Program::Python, _) => {
                let (python, main) = &self.python;
                let mut command = Command::new(python);
                command.arg("-B").arg(main); // Leaves no compiled files in the sources.
                command
            }
        };
        command.args([operation.name, contender.name]);
        command.env("BENCH_MILLISECONDS", self.span.as_millis().to_string());
        command.env("TMPDIR", self.temporary.path());
        let end = self.run(&mut command);
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        Ok(end.map_err(|error| reason(&command, &error)).and_then(|end| end.figure()))
    }

    fn run(&self, command: &mut Command) -> io::Result<End> {
        // A file and no pipe, so that nobody has to read it meanwhile.
        let mut stderr = tempfile::tempfile()?;
        // A group of its own: at the end, all that it has started can be stopped with it.
        let mut program = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr.try_clone()?)
            .process_group(0)
            .spawn()?;
        let group = Pid::from_raw(program.id().cast_signed());
        let stop = || _ = killpg(group, Signal::SIGKILL);
        let pipe = program.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let stdout = self.interrupt.read_to_end(pipe, Some(LIMIT), stop);
        if stdout.is_err() {
            stop();
        }
        let status = program.wait()?;
        stop();
        let mut end = End { status, stdout: text(&stdout?), stderr: String::new() };
        stderr.rewind()?;
        stderr.read_to_string(&mut end.stderr)?;
        Ok(end)
    }
}

/// How a program ended.
struct End {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl End {
    /// The figure is the last line; what stands above it is criterion's.
    fn figure(&self) -> Outcome {
        let figure = self.stdout.lines().last().and_then(|line| line.parse().ok());
        match figure.filter(|figure: &f64| self.status.success() && figure.is_finite()) {
            Some(figure) => Ok(figure),
            None => {
                let last = self.stderr.lines().rfind(|line| !line.trim().is_empty());
                Err(last.map_or_else(|| self.status.to_string(), |line| line.trim().to_owned()))
            }
        }
    }
}

fn reason(command: &Command, error: &io::Error) -> String {
    let program = command.get_program().display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{program} is not installed"),
        io::ErrorKind::TimedOut => format!("not done after {} s", LIMIT.as_secs()),
        _ => format!("cannot run {program}: {error}"),
    }
}

/// What cargo says first, without the details.
fn first_error(stderr: &[u8]) -> String {
    let stderr = text(stderr);
    let error = stderr.lines().find(|line| line.starts_with("error"));
    error.unwrap_or("cargo does not say why").to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn failed(verb: &str, error: &io::Error) -> Error {
    Error::Question(format!("cannot {verb}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn figure(code: i32, stdout: &str, stderr: &str) -> Outcome {
        let status = ExitStatus::from_raw(code << 8);
        End { status, stdout: stdout.to_owned(), stderr: stderr.to_owned() }.figure()
    }

    #[test]
    fn the_last_line_is_the_figure() {
        assert_eq!(figure(0, "time: [1 2 3]\n\n12.5\n", "Gnuplot not found\n"), Ok(12.5));
        assert_eq!(
            figure(77, "", "loky is not installed\n\n"),
            Err("loky is not installed".into())
        );
        assert_eq!(figure(1, "12.5\n", ""), Err("exit status: 1".into()), "not of one that failed");
        assert_eq!(figure(0, "inf\n", ""), Err("exit status: 0".into()), "not of no time at all");
    }
}
