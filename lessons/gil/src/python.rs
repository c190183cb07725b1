//! How long does Python take for the same count?

use std::process::{Command, Stdio};

use shared::{Error, Result, Subprocess, clock, lesson};

use crate::bars::Bars;
use crate::primes;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python/primes.py");

/// Runs `python/primes.py` with the Python that `--with-python` names, and draws the times that it prints.
pub(crate) fn compare() -> Result<()> {
    let program: String = lesson::option("with-python")?;
    if program == "none" {
        return Ok(());
    }
    let numbers = primes::numbers()?;
    let mut command = Command::new(&program);
    command.args([SCRIPT, &numbers.start.to_string(), &numbers.end.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let output = match Subprocess::start(&mut command) {
        Err(Error::NotFound { .. }) => {
            return Err(lesson::skip(format!("no {program} to compare with: install Python 3")));
        }
        started => started?.communicate(b"")?,
    };
    if !output.status.success() {
        return Err(Error::other(format!("{program} failed: {}", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(Error::other)?;
    let (kind, lines) = text.split_once('\n').unwrap_or_default();
    println!("main: {kind}");
    let mut bars = Bars::default();
    for line in lines.lines() {
        let (seconds, name) = line.split_once(' ').ok_or_else(|| Error::other("half a line"))?;
        let seconds: f64 = seconds.parse().map_err(Error::other)?;
        bars.draw(name, seconds / clock::seconds(1.0).as_secs_f64());
    }
    Ok(())
}
